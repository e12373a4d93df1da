import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Jobs } from '../platform/jobs.ts';
import { organizationUnlocks } from './organization-features.ts';
import { insertDeliveries, webhooksOf } from './webhook-store.ts';
import type { StoredWebhook } from './webhook-store.ts';
import type { WebhookEvent } from './webhook.ts';

export const deliverWebhookTask = 'deliver-webhook';
/** With the job queue's growing waits the last attempt comes about two days after the first. */
export const webhookAttempts = 12;

/** How long a node may go on without noticing that webhooks were changed, in milliseconds. */
const keptFor = 5_000;

/**
 * Tells an organization's webhooks of something, inside the transaction in which it happened: it is told when that commits, at
 * least once, and not at all otherwise. Costs nothing where there are no webhooks: that is looked up every few seconds.
 */
export type TellWebhooks = (
  trx: Database,
  organizationId: string,
  event: WebhookEvent,
  data: Record<string, unknown>,
) => Promise<void>;

export function webhookTeller({ jobs, clock }: { jobs: Jobs; clock: Clock }): TellWebhooks {
  const known = new Map<string, { webhooks: StoredWebhook[]; until: number }>();

  async function activeOf(db: Database, organizationId: string): Promise<StoredWebhook[]> {
    const now = clock.now().getTime();
    const kept = known.get(organizationId);
    if (kept !== undefined && kept.until > now) return kept.webhooks;
    const all = (await webhooksOf(db, organizationId)).filter((one) => one.active);
    const webhooks =
      all.length > 0 && (await organizationUnlocks(db, organizationId, 'webhooks-out')) ? all : [];
    known.set(organizationId, { webhooks, until: now + keptFor });
    return webhooks;
  }

  return async (trx, organizationId, event, data) => {
    const told = (await activeOf(trx, organizationId)).filter((one) => one.events.includes(event));
    if (told.length === 0) return;
    const at = clock.now();
    const ids = await insertDeliveries(
      trx,
      organizationId,
      told.map(({ id }) => id),
      { event, at, bodyOf: (id) => JSON.stringify({ id, event, at: at.toISOString(), data }) },
    );
    for (const id of ids) await orderDelivery(jobs, trx, organizationId, id);
  };
}

/** Orders the attempts of one delivery. */
export function orderDelivery(
  jobs: Jobs,
  trx: Database,
  organizationId: string,
  id: string,
): Promise<void> {
  const options = { key: `webhook:${id}`, maxAttempts: webhookAttempts };
  return jobs.add(trx, deliverWebhookTask, { organizationId, id }, options);
}
