import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../ui/ago.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { CheckStep } from './check-step.tsx';
import classes from './check-run-view.module.css';
import { houseVerdictOf } from './house-verdict.ts';
import { useSupportReport } from './use-house-check.ts';
import type { HouseCheck } from './use-house-check.ts';
import { VerdictBox } from './verdict-notice.tsx';

/** The check of the house: verdict, steps, the report for support. */
export function HouseView({ check, onClose }: { check: HouseCheck; onClose: () => void }) {
  const { run, problem, start } = check;
  const running = run?.status === 'running';
  return (
    <Stack gap="lg">
      {problem !== null && (
        <ProblemAlert error={problem} title="Ringside itself could not be checked" />
      )}
      {run === undefined && problem === null && (
        <Loader size="sm" aria-label="Reading the last check" />
      )}
      {run === null && (
        <Text size="sm">
          Ringside itself was never checked: the database, the jobs, the clock, each phone system
          and each mapping. It takes a few seconds.
        </Text>
      )}
      {run && (
        <>
          <VerdictBox verdict={houseVerdictOf(run)} />
          <section aria-label="Steps">
            <ol className={classes.steps}>
              {run.steps.map((step) => (
                <CheckStep key={step.id} step={step} />
              ))}
            </ol>
          </section>
          {!running && <SupportReport runId={run.id} />}
        </>
      )}
      <Group justify="space-between" className={classes.foot}>
        <Text size="xs" c="dimmed">
          {run && (
            <>
              Started by {run.startedBy} <Ago time={run.startedAt} />
            </>
          )}
        </Text>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={start} loading={running}>
            {run === null ? 'Check now' : 'Check again'}
          </Button>
          <Button size="xs" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

function SupportReport({ runId }: { runId: string }) {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useSupportReport(wanted, runId);
  if (!wanted) {
    return (
      <Group>
        <Button variant="default" size="xs" onClick={() => setWanted(true)}>
          Report for support
        </Button>
      </Group>
    );
  }
  if (error !== null) return <ProblemAlert error={error} title="There is no report" />;
  if (data === undefined) return <Loader size="sm" aria-label="Making the report" />;
  return (
    <Stack gap="xs">
      <CopyField label="Report for support" value={data} block />
      <Text size="xs" c="dimmed">
        Statuses, codes, times and counts only: no names, numbers, addresses or passwords.
      </Text>
    </Stack>
  );
}
