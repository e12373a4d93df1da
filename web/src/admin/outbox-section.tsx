import { Alert, Loader, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconMailCheck } from '@tabler/icons-react';
import { useOutbox } from '../outbox/use-writes.ts';
import type { ConnectionOutbox } from '../outbox/use-writes.ts';
import { WriteList } from '../outbox/write-list.tsx';
import { Ago } from '../ui/ago.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Fact } from '../ui/fact.tsx';
import { count } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';
import { connectionLabel } from './connection-label.ts';

/** 'Outbox': what is committed here and on its way to the CRM. */
export function OutboxSection() {
  const { view } = useForm();
  const { data, error } = useOutbox();
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'outbox')!}
      lead="Notes, cases and calls that are saved here and on their way to the CRM. Each arrives once, in order, also after hours without a connection."
    >
      {error !== null && <ProblemAlert error={error} title="The outbox could not be loaded" />}
      {data === undefined && error === null && (
        <Loader size="sm" type="dots" aria-label="Loading the outbox" />
      )}
      {data?.connections.length === 0 && (
        <EmptyState icon={<IconMailCheck size={24} />} title="Nothing on its way">
          Connect a CRM above; what agents write then passes through here.
        </EmptyState>
      )}
      <Stack gap="xl">
        {data?.connections.map((outbox) => {
          const connection = view.connections.find(({ id }) => id === outbox.connectionId);
          const label =
            connection === undefined ? '' : connectionLabel(connection, view.connections);
          return <OutboxOf key={outbox.connectionId} label={label} outbox={outbox} />;
        })}
      </Stack>
    </SectionCard>
  );
}

function OutboxOf({ label, outbox }: { label: string; outbox: ConnectionOutbox }) {
  const refused = outbox.writes.filter(({ state }) => state === 'attention');
  const { reason, fix, failingSince, stopped, oldest } = outbox;
  return (
    <div role="group" aria-label={`Outbox of ${label}`}>
      <Title order={3} size="h5" mb="xs">
        {label}
      </Title>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm" mb="sm">
        <Fact title="Waiting">{count(outbox.waiting)}</Fact>
        <Fact title="Oldest">{oldest === null ? 'none' : <Ago time={oldest} />}</Fact>
        <Fact title="Sent in the last hour">{count(outbox.deliveredLastHour)}</Fact>
        <Fact title="Need attention">{count(outbox.attention)}</Fact>
      </SimpleGrid>
      {reason !== null && (
        <Alert
          color="yellow"
          variant="light"
          mb="sm"
          icon={<IconAlertTriangle aria-hidden="true" />}
          title="Nothing is sent just now"
        >
          <Text size="sm">
            {reason} {fix}
          </Text>
          {failingSince !== null && (
            <Text size="xs" c="dimmed">
              Since <Ago time={failingSince} />.{' '}
              {stopped
                ? 'Nothing is tried until you save the connection or run the Systems Check; then it goes on by itself.'
                : 'It goes on by itself as soon as the CRM answers.'}
            </Text>
          )}
        </Alert>
      )}
      {refused.length > 0 && <WriteList writes={refused} names />}
    </div>
  );
}
