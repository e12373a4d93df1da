import { Badge, Button, Code, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import type { DeliveryRow, WebhookRow } from '../../../src/organization/webhook-contract.ts';
import { dateTime, counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useDeliveries, useSendAgain } from './use-webhooks.ts';

/** What a webhook was told, and what it answered; anything may be sent again. */
export function WebhookLog({ webhook, onClose }: { webhook: WebhookRow; onClose: () => void }) {
  const { data, error } = useDeliveries(webhook.id);
  const again = useSendAgain(webhook.id);
  return (
    <Modal opened onClose={onClose} title={`Deliveries of ${webhook.name}`} size="lg">
      <Stack>
        {error !== null && <ProblemAlert error={error} title="The log could not be loaded" />}
        {again.error !== null && <ProblemAlert error={again.error} title="It was not sent" />}
        {data === undefined && error === null && (
          <Loader size="sm" type="dots" aria-label="Loading the log" />
        )}
        {data?.deliveries.length === 0 && (
          <Text size="sm">Nothing yet: it is told when one of its events comes.</Text>
        )}
        {data?.deliveries.map((delivery) => (
          <Delivery
            key={delivery.id}
            delivery={delivery}
            sending={again.isPending && again.variables === delivery.id}
            onAgain={() => again.mutate(delivery.id)}
          />
        ))}
      </Stack>
    </Modal>
  );
}

const colors = { delivered: 'green', waiting: 'yellow', failed: 'red' } as const;

function Delivery(props: { delivery: DeliveryRow; sending: boolean; onAgain: () => void }) {
  const { delivery, sending, onAgain } = props;
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge variant="light" color={colors[delivery.state]}>
            {delivery.state}
          </Badge>
          <Text size="sm" fw={600}>
            {delivery.event}
          </Text>
          <Text size="sm" c="dimmed" className="tabular">
            {dateTime(delivery.createdAt)}, {counted(delivery.attempts, 'attempt', 'attempts')}
          </Text>
        </Group>
        <Button size="compact-sm" variant="default" loading={sending} onClick={onAgain}>
          Send again
        </Button>
      </Group>
      {delivery.lastError !== null && (
        <Text size="sm" mt={4}>
          {delivery.lastError}
        </Text>
      )}
      <details>
        <summary>
          <Text span size="sm">
            Body
          </Text>
        </summary>
        <Code block>{JSON.stringify(JSON.parse(delivery.body), null, 2)}</Code>
      </details>
    </div>
  );
}
