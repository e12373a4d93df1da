import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { LinkKey } from './phone-link-store.ts';

type OrderState = 'waiting' | 'taken' | 'lifted' | 'failed';

type OrderTables = {
  phone_order: {
    organization_id: string;
    id: string;
    phone_system_id: string;
    person_id: string;
    extension: string;
    number: string;
    created_at: Date;
    state: OrderState;
    source_call: string | null;
    message: string | null;
    fix: string | null;
  };
};

const tables = (db: Database) => db.withTables<OrderTables>();

/** A call that an agent asked for. */
export interface PhoneOrder extends LinkKey {
  id: string;
  personId: string;
  extension: string;
  number: string;
}

/** What became of an order; `sourceCall` is the phone system's id of the call. */
export type OrderResult =
  | { state: 'lifted'; sourceCall: string }
  | { state: 'failed'; message: string; fix: string };

export async function insertOrder(db: Database, order: PhoneOrder, at: Date): Promise<void> {
  await tables(db)
    .insertInto('phone_order')
    .values({
      organization_id: order.organizationId,
      id: order.id,
      phone_system_id: order.phoneSystemId,
      person_id: order.personId,
      extension: order.extension,
      number: order.number,
      created_at: at,
      state: 'waiting',
      source_call: null,
      message: null,
      fix: null,
    })
    .execute();
}

/** Takes the waiting orders of a phone system that are not older than `since`; each is taken by one node once. */
export async function takeOrders(db: Database, key: LinkKey, since: Date): Promise<PhoneOrder[]> {
  const rows = await tables(db)
    .updateTable('phone_order')
    .set({ state: 'taken' })
    .where('organization_id', '=', key.organizationId)
    .where('phone_system_id', '=', key.phoneSystemId)
    .where('state', '=', 'waiting')
    .where('created_at', '>=', since)
    .returning(['id', 'person_id as personId', 'extension', 'number'])
    .execute();
  return rows.map((row) => ({ ...key, ...row }));
}

export async function finishOrder(
  db: Database,
  { organizationId, id }: Pick<PhoneOrder, 'organizationId' | 'id'>,
  result: OrderResult,
): Promise<void> {
  await tables(db)
    .updateTable('phone_order')
    .set(
      result.state === 'lifted'
        ? { state: 'lifted', source_call: result.sourceCall }
        : { state: 'failed', message: result.message, fix: result.fix },
    )
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Null while it waits or rings. */
export async function orderResult(
  db: Database,
  organizationId: string,
  id: string,
): Promise<OrderResult | null> {
  const row = await tables(db)
    .selectFrom('phone_order')
    .select(['state', 'source_call', 'message', 'fix'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row?.state === 'lifted') return { state: 'lifted', sourceCall: row.source_call ?? '' };
  if (row?.state === 'failed')
    return { state: 'failed', message: row.message ?? '', fix: row.fix ?? '' };
  return null;
}

/** Whether this person's phone is being rung for an order that was made since then. */
export async function hasOpenOrder(
  db: Database,
  organizationId: string,
  personId: string,
  since: Date,
): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('phone_order')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .where('state', 'in', ['waiting', 'taken'])
    .where('created_at', '>=', since)
    .executeTakeFirst();
  return row !== undefined;
}

/** Every organization's: orders are of use for a moment only. */
export async function deleteOldOrders(db: Database, before: Date): Promise<void> {
  const query = tables(db).deleteFrom('phone_order').where('created_at', '<', before);
  await acrossOrganizations(() => query.execute());
}
