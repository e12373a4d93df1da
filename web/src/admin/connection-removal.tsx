import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { useOutbox } from '../outbox/use-writes.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { connectionLosses } from './connection-loss.ts';
import { useForm } from './organization-context.ts';
import { connectionLabel } from './connection-label.ts';
import { useConnectionRemove } from './use-connections.ts';

/** Asks before a connection is removed, and says what goes with it. */
export function ConnectionRemoval({
  connection,
  onClose,
}: {
  connection: ConnectionRow;
  onClose: () => void;
}) {
  const { view } = useForm();
  const remove = useConnectionRemove();
  const label = connectionLabel(connection, view.connections);
  const outbox = useOutbox();
  const losses = outbox.data && connectionLosses(connection, view, outbox.data);
  return (
    <Modal opened onClose={onClose} title={`Remove ${label}?`}>
      <Stack>
        {outbox.isError && (
          <ProblemAlert error={outbox.error} title="What is still in the Outbox is not known" />
        )}
        {remove.isError && <ProblemAlert error={remove.error} title="It was not removed" />}
        <Text size="sm">This takes effect at once and cannot be undone:</Text>
        <List size="sm" spacing={4}>
          <List.Item>The stored credential is deleted.</List.Item>
          <List.Item>
            Callers are no longer found among the users, customers, contacts and cases pulled from{' '}
            {connection.title}. Their deletion from Ringside begins at once and goes on in the
            background: with a million contacts it takes some minutes.
          </List.Item>
          {losses?.map(({ text, grave }) => (
            <List.Item key={text} {...(grave && { fw: 600, c: 'var(--ringside-fail)' })}>
              {text}
            </List.Item>
          ))}
        </List>
        <Text size="sm">Nothing changes in {connection.title} itself.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={outbox.isPending}
            onClick={() => remove.mutate(connection.id, { onSuccess: onClose })}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
