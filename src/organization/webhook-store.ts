import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { WebhookInput } from './webhook-contract.ts';
import type { WebhookEvent } from './webhook.ts';

type WebhookTables = {
  webhook: {
    organization_id: string;
    id: string;
    name: string;
    url: string;
    events: string[];
    secret: string;
    active: boolean;
    created_at: Date;
  };
  webhook_delivery: {
    organization_id: string;
    id: string;
    webhook_id: string;
    event: string;
    body: string;
    created_at: Date;
    state: 'waiting' | 'delivered' | 'failed';
    attempts: number;
    last_attempt_at: Date | null;
    last_status: number | null;
    last_error: string | null;
  };
};

export interface StoredWebhook {
  id: string;
  name: string;
  url: string;
  events: WebhookEvent[];
  active: boolean;
  createdAt: Date;
}

export interface StoredDelivery {
  id: string;
  webhookId: string;
  event: string;
  body: string;
  createdAt: Date;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  lastAttemptAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
}

const tables = (db: Database) => db.withTables<WebhookTables>();

const columns = ['id', 'name', 'url', 'events', 'active', 'created_at as createdAt'] as const;

/** In the order in which they were made. */
export async function webhooksOf(db: Database, organizationId: string): Promise<StoredWebhook[]> {
  const rows = await tables(db)
    .selectFrom('webhook')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows as StoredWebhook[];
}

export async function insertWebhook(
  db: Database,
  organizationId: string,
  webhook: WebhookInput & { id: string; secret: string; at: Date },
): Promise<void> {
  const { id, name, url, events, secret, active, at } = webhook;
  await tables(db)
    .insertInto('webhook')
    .values({
      ...{ organization_id: organizationId, id, name, url, events, secret, active },
      created_at: at,
    })
    .execute();
}

/** False when there is no such webhook. */
export async function updateWebhook(
  db: Database,
  organizationId: string,
  id: string,
  { name, url, events, active }: WebhookInput,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('webhook')
    .set({ name, url, events, active })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Its name; null when there is no such webhook. */
export async function removeWebhook(
  db: Database,
  organizationId: string,
  id: string,
): Promise<string | null> {
  const row = await tables(db)
    .deleteFrom('webhook')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return row?.name ?? null;
}

/** Orders one delivery of the same body for each webhook; answers their ids. */
export async function insertDeliveries(
  db: Database,
  organizationId: string,
  webhookIds: readonly string[],
  { event, at, bodyOf }: { event: WebhookEvent; at: Date; bodyOf: (id: string) => string },
): Promise<string[]> {
  const rows = webhookIds.map((webhook_id) => {
    const id = newId();
    const fresh = { attempts: 0, last_attempt_at: null, last_status: null, last_error: null };
    const what = { event, body: bodyOf(id), created_at: at, state: 'waiting' as const };
    return { organization_id: organizationId, id, webhook_id, ...what, ...fresh };
  });
  await tables(db).insertInto('webhook_delivery').values(rows).execute();
  return rows.map(({ id }) => id);
}

const deliveryColumns = [
  'webhook_delivery.id',
  'webhook_id as webhookId',
  'event',
  'body',
  'webhook_delivery.created_at as createdAt',
  'state',
  'attempts',
  'last_attempt_at as lastAttemptAt',
  'last_status as lastStatus',
  'last_error as lastError',
] as const;

/** The newest first. */
export async function deliveriesOf(
  db: Database,
  organizationId: string,
  webhookId: string,
  limit: number,
): Promise<StoredDelivery[]> {
  return tables(db)
    .selectFrom('webhook_delivery')
    .select(deliveryColumns)
    .where('organization_id', '=', organizationId)
    .where('webhook_id', '=', webhookId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** A delivery with what it needs to be sent; null when it, or its webhook, is gone. */
export async function deliveryToSend(
  db: Database,
  organizationId: string,
  id: string,
): Promise<(StoredDelivery & { url: string; secret: string; active: boolean }) | null> {
  const row = await tables(db)
    .selectFrom('webhook_delivery')
    .innerJoin('webhook', (join) =>
      join
        .onRef('webhook.organization_id', '=', 'webhook_delivery.organization_id')
        .onRef('webhook.id', '=', 'webhook_delivery.webhook_id'),
    )
    .select([...deliveryColumns, 'webhook.url', 'webhook.secret', 'webhook.active'])
    .where('webhook_delivery.organization_id', '=', organizationId)
    .where('webhook_delivery.id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function noteAttempt(
  db: Database,
  organizationId: string,
  id: string,
  attempt: {
    at: Date;
    state: StoredDelivery['state'];
    status: number | null;
    error: string | null;
  },
): Promise<void> {
  await tables(db)
    .updateTable('webhook_delivery')
    .set(({ eb, ref }) => ({
      attempts: eb(ref('attempts'), '+', 1),
      last_attempt_at: attempt.at,
      state: attempt.state,
      last_status: attempt.status,
      last_error: attempt.error,
    }))
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Lets a delivery wait again; false when there is none like it. */
export async function renewDelivery(
  db: Database,
  organizationId: string,
  webhookId: string,
  id: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('webhook_delivery')
    .set({ state: 'waiting' })
    .where('organization_id', '=', organizationId)
    .where('webhook_id', '=', webhookId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets deliveries that are older and wait for nothing; the hub keeps no archive. */
export async function forgetDeliveries(db: Database, before: Date): Promise<void> {
  await tables(db)
    .deleteFrom('webhook_delivery')
    .where('created_at', '<', before)
    .where('state', '!=', 'waiting')
    .execute();
}
