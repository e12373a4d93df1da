import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { WebhookRow } from '../../../src/organization/webhook-contract.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { useWebhookChanges } from './use-webhooks.ts';
import { WebhookForm } from './webhook-form.tsx';

const empty = { name: '', url: '', events: ['call.ended' as const], active: true };

/** The pop-up in which a webhook is added, which then shows its secret, or changed. */
export function WebhookDialog({
  webhook,
  onClose,
}: {
  webhook: WebhookRow | null;
  onClose: () => void;
}) {
  const { create, change } = useWebhookChanges();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={webhook === null ? 'Add webhook' : `Modify ${webhook.name}`}
    >
      {secret === null ? (
        <WebhookForm
          initial={webhook ?? empty}
          submit={webhook === null ? 'Add' : 'Save'}
          onCancel={onClose}
          send={async (values) => {
            if (webhook === null) return setSecret((await create(values)).secret);
            await change(webhook.id, values);
            notifications.show({ color: 'green', message: 'Saved.' });
            return onClose();
          }}
        />
      ) : (
        <Stack>
          <Text size="sm">
            Each request carries <b>X-Ringside-Signature</b>: <code>t=…,v1=…</code>, the hex
            HMAC-SHA256 of time, a dot and the body, made with this secret. It is shown only now.
          </Text>
          <CopyField label="Secret" value={secret} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
