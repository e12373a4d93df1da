import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SyncView } from '../../../src/directory/contract.ts';
import { Ago } from '../ui/ago.tsx';
import { Fact } from '../ui/fact.tsx';
import { count, duration } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { PullProgress } from './pull-progress.tsx';
import { SyncSettingsForm } from './sync-settings.tsx';
import { isBusy, useSync, useSyncOrder } from './use-sync.ts';

const types: Record<SyncView['rows'][number]['type'], string> = {
  user: 'CRM users',
  customer: 'Customers',
  contact: 'Contacts',
  consumer: 'Consumers',
  case: 'Cases',
};

/** What Ringside holds of a connection's data, how fresh that is, and the buttons that fetch it again. */
export function SyncPanel({ connectionId, label }: { connectionId: string; label: string }) {
  const { data, error } = useSync(connectionId);
  const order = useSyncOrder(connectionId);
  const failure = order.error ?? error;
  return (
    <Stack gap="sm" py="xs" aria-label={`Data of ${label}`} role="group">
      {failure !== null && <ProblemAlert error={failure} />}
      {data !== undefined && (
        <>
          <Troubles sync={data} />
          <Facts sync={data} />
          {isBusy(data) && (
            <Stack gap="xs">
              {data.kinds.map((kind) => (
                <PullProgress
                  key={kind.kind}
                  pull={{ ...kind, ...progressOf(kind), message: null }}
                />
              ))}
            </Stack>
          )}
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              disabled={data.state === 'unchecked' || order.isPending}
              onClick={() => order.mutate(false)}
            >
              Pull now
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={data.state === 'unchecked' || order.isPending || isBusy(data)}
              onClick={() => order.mutate(true)}
            >
              Pull everything again
            </Button>
          </Group>
          <SyncSettingsForm connectionId={connectionId} sync={data} />
        </>
      )}
    </Stack>
  );
}

function progressOf({ status }: SyncView['kinds'][number]) {
  return {
    status: status === 'cancelled' ? ('failed' as const) : status,
    rate: null,
    secondsLeft: null,
  };
}

function Troubles({ sync }: { sync: SyncView }) {
  const { state, error } = sync;
  if (state === 'unchecked')
    return (
      <Text size="sm">
        Nothing is pulled before the Systems Check has looked at this connection.
      </Text>
    );
  if (error === null) return null;
  return (
    <Alert
      color={state === 'stopped' ? 'red' : 'yellow'}
      icon={<IconAlertTriangle size={18} aria-hidden="true" />}
      title={
        state === 'stopped'
          ? 'Stopped, so that the account is not locked'
          : `The last ${error.failures === 1 ? 'round' : `${count(error.failures)} rounds`} failed`
      }
    >
      <Text size="sm">
        {error.message} {error.fix}
      </Text>
      <Text size="xs" c="dimmed">
        {error.code}
        {error.at !== null && (
          <>
            , <Ago time={error.at} />
          </>
        )}
      </Text>
    </Alert>
  );
}

function Facts({ sync }: { sync: SyncView }) {
  const { lastPullAt, lagSeconds, usage, rows, removalsReadable } = sync;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Fact title="Last complete pull">
        {lastPullAt === null ? 'never' : <Ago time={lastPullAt} />}
      </Fact>
      <Fact title="Behind the CRM">
        {lagSeconds === null ? 'not pulled yet' : `${duration(lagSeconds * 1000)} at most`}
      </Fact>
      <Fact title="Requests in the last hour">
        {usage === null
          ? 'none yet'
          : usage.limit === null
            ? count(usage.requestsLastHour)
            : `${count(usage.requestsLastHour)} of ${count(usage.limit)} allowed`}
      </Fact>
      <Fact title="Deletions">
        {removalsReadable === false ? 'found at night' : 'found within a minute'}
      </Fact>
      {rows.map(({ type, count: amount }) => (
        <Fact key={type} title={types[type]}>
          {count(amount)}
        </Fact>
      ))}
    </SimpleGrid>
  );
}
