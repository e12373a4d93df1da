import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import type { WebhookRow } from '../../../src/organization/webhook-contract.ts';
import { webhookEvents } from '../../../src/organization/webhook.ts';
import table from '../ui/data-table.module.css';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { MissingPlan } from './missing-plan.tsx';
import { Removal } from './removal.tsx';
import { sections } from './section-index.tsx';
import { useMissingPlan } from './use-call-handling.ts';
import { useWebhookChanges, useWebhooks } from './use-webhooks.ts';
import { WebhookDialog } from './webhook-dialog.tsx';
import { eventTitles } from './webhook-events.ts';
import { WebhookLog } from './webhook-log.tsx';

type Open = { what: 'change' | 'log' | 'remove'; webhook: WebhookRow } | { what: 'add' } | null;

/** 'Webhooks out': other systems that are told of calls. */
export function WebhooksSection() {
  const { data, error } = useWebhooks();
  const { remove } = useWebhookChanges();
  const locked = useMissingPlan('webhooks-out') !== null;
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'webhooks-out')!}
      lead="Other systems that Ringside tells of calls and cases: signed, tried again for two days, with a log."
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          disabled={locked}
          onClick={() => setOpen({ what: 'add' })}
        >
          Add webhook
        </Button>
      }
    >
      <MissingPlan feature="webhooks-out" />
      {error !== null && <ProblemAlert error={error} title="The webhooks could not be loaded" />}
      {data?.webhooks.length === 0 && !locked && (
        <EmptyState icon={<IconWebhook size={24} />} title="No webhooks yet">
          Add one to have another system told when a call begins, is answered or ends.
        </EmptyState>
      )}
      {data !== undefined && data.webhooks.length > 0 && (
        <WebhookTable webhooks={data.webhooks} locked={locked} onOpen={setOpen} />
      )}
      {open?.what === 'add' && <WebhookDialog webhook={null} onClose={close} />}
      {open?.what === 'change' && <WebhookDialog webhook={open.webhook} onClose={close} />}
      {open?.what === 'log' && <WebhookLog webhook={open.webhook} onClose={close} />}
      {open?.what === 'remove' && (
        <Removal
          name={open.webhook.name}
          consequence="It is told of nothing any more, and its log is deleted. This cannot be undone."
          removal={remove}
          id={open.webhook.id}
          onClose={close}
        />
      )}
    </SectionCard>
  );
}

function WebhookTable(props: {
  webhooks: WebhookRow[];
  locked: boolean;
  onOpen: (open: Open) => void;
}) {
  const { webhooks, locked, onOpen } = props;
  return (
    <table role="table" className={table.table}>
      <TableHead titles={['Name', 'Told of', 'Actions']} />
      <tbody role="rowgroup">
        {webhooks.map((webhook) => (
          <tr key={webhook.id} role="row">
            <td role="cell" data-label="Name">
              <div>
                <Text size="sm" fw={600}>
                  {webhook.name}
                  {!webhook.active && ' (switched off)'}
                </Text>
                <Text size="xs" c="dimmed">
                  {new URL(webhook.url).host}
                </Text>
              </div>
            </td>
            <td role="cell" data-label="Told of">
              <div>
                {webhookEvents
                  .filter((one) => webhook.events.includes(one))
                  .map((one) => (
                    <Text key={one} size="sm">
                      {eventTitles[one]}
                    </Text>
                  ))}
              </div>
            </td>
            <td role="cell" data-label="Actions" className={table.actions}>
              <Group gap="xs" display="inline-flex" className={table.buttons}>
                {(['log', 'change', 'remove'] as const).map((what) => (
                  <Button
                    key={what}
                    size="compact-sm"
                    variant="default"
                    disabled={what === 'change' && locked}
                    aria-label={`${verbs[what]} ${webhook.name}`}
                    onClick={() => onOpen({ what, webhook })}
                  >
                    {verbs[what]}
                  </Button>
                ))}
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const verbs = { log: 'Deliveries', change: 'Modify', remove: 'Remove' };
