import { Group, Progress, Text } from '@mantine/core';
import type { PullView } from '../../../src/systems-check/contract.ts';
import { count, duration } from '../ui/moment.ts';

const kinds: Record<PullView['kind'], string> = {
  users: 'CRM users',
  customers: 'Customers',
  contacts: 'Contacts',
  cases: 'Cases',
};

/** How far the pull of one kind of record has come. */
export function PullProgress({ pull }: { pull: PullView }) {
  const { kind, status, done, total } = pull;
  const percent =
    status === 'done'
      ? 100
      : total === null || total === 0
        ? 0
        : Math.min(100, (done / total) * 100);
  return (
    <div data-pull={kind} data-status={status}>
      <Group justify="space-between" gap="xs" mb={3}>
        <Text size="sm" fw={600}>
          {kinds[kind]}
        </Text>
        <Text size="xs" c="dimmed" className="tabular">
          {words(pull)}
        </Text>
      </Group>
      <Progress.Root size="md">
        <Progress.Section
          value={percent}
          color={status === 'failed' ? 'red' : status === 'done' ? 'green' : 'petrol'}
          animated={status === 'running'}
          aria-label={kinds[kind]}
          aria-valuetext={words(pull)}
        />
      </Progress.Root>
      {pull.message !== null && (
        <Text size="sm" mt={3} c={status === 'failed' ? 'var(--ringside-fail)' : 'dimmed'}>
          {pull.message}
        </Text>
      )}
    </div>
  );
}

function words({ status, done, total, rate, secondsLeft }: PullView): string {
  const amount =
    total === null || status === 'done' ? count(done) : `${count(done)} of ${count(total)}`;
  if (status === 'waiting') return 'Waiting';
  if (status === 'skipped') return 'Not pulled';
  if (status === 'failed') return `Failed after ${amount}`;
  if (status === 'done') return `Done: ${amount}`;
  const speed = rate === null ? [] : [`${count(Math.round(rate))}/s`];
  const left = secondsLeft === null ? [] : [`${duration(Math.ceil(secondsLeft) * 1000)} left`];
  return [amount, ...speed, ...left].join(', ');
}
