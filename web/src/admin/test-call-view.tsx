import { Button, Group, Loader, Select, Stack, Text } from '@mantine/core';
import { IconPhoneOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { Ago } from '../ui/ago.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { CheckStep } from './check-step.tsx';
import classes from './check-run-view.module.css';
import { testCallVerdictOf } from './test-call-verdict.ts';
import { usePlaceTestCall, useTestCall } from './use-test-call.ts';
import { VerdictBox } from './verdict-notice.tsx';

/** A test call: which phone system it comes from, how far it came, and when. */
export function TestCallView({
  systems,
  onClose,
}: {
  systems: readonly PhoneSystemRow[];
  onClose: () => void;
}) {
  const { data: test, error } = useTestCall();
  const place = usePlaceTestCall();
  const [chosen, setChosen] = useState<string | null>(null);
  if (systems.length === 0) {
    return (
      <EmptyState icon={<IconPhoneOff size={32} />} title="There is no phone system yet">
        Close this and add one under ‘Phone Systems’: a test call goes in where its calls do.
      </EmptyState>
    );
  }
  const last = systems.find(({ id }) => id === test?.phoneSystemId);
  const system = systems.find(({ id }) => id === chosen) ?? last ?? systems[0]!;
  const running = test?.status === 'running';
  return (
    <Stack gap="lg">
      <Text size="sm">
        A call that Ringside makes up goes the whole way of a real one, from where the events of the
        phone system come in to your own browser. Nobody else sees it, and it is neither listed nor
        written down in the CRM. Your phone does not ring.
      </Text>
      <Group align="flex-end" gap="sm">
        {systems.length > 1 && (
          <Select
            label="As if it came from"
            data={systems.map(({ id, name }) => ({ value: id, label: name }))}
            value={system.id}
            onChange={setChosen}
            allowDeselect={false}
            disabled={running}
          />
        )}
        <Button onClick={() => place.mutate(system.id)} loading={running || place.isPending}>
          {systems.length > 1 ? 'Place a test call' : `Place a test call from ${system.name}`}
        </Button>
      </Group>
      {place.error !== null && (
        <ProblemAlert error={place.error} title="The test call could not be placed" />
      )}
      {error !== null && <ProblemAlert error={error} title="The test call cannot be followed" />}
      {test === undefined && error === null && (
        <Loader size="sm" aria-label="Reading the last test call" />
      )}
      {test && (
        <>
          <VerdictBox verdict={testCallVerdictOf(test)} />
          <section aria-label="Hops">
            <ol className={classes.steps}>
              {test.hops.map((hop) => (
                <CheckStep key={hop.id} step={hop} />
              ))}
            </ol>
            <Text size="xs" c="dimmed" mt="xs">
              Times count from the start of the test.
            </Text>
          </section>
        </>
      )}
      <Group justify="space-between" className={classes.foot}>
        <Text size="xs" c="dimmed">
          {test && (
            <>
              From {last?.name ?? 'a phone system that was removed'}, <Ago time={test.startedAt} />
            </>
          )}
        </Text>
        <Button size="xs" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
