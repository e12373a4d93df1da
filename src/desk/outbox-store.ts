import type { RecordType } from '../crm/record.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { linkOf } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import { notify } from '../platform/notifier.ts';
import { outboxChannel } from './channel.ts';
import type { WriteView } from './outbox-contract.ts';
import type { OutboxTables, WriteRow } from './outbox-tables.ts';
import { dependenciesOf } from './outbox.ts';
import type { NewWrite } from './outbox.ts';

const tables = (db: Database) => db.withTables<OutboxTables>();

/**
 * Commits a write to the CRM with the caller's own transaction; it is delivered in order within its lane, exactly once.
 * Answers the write's id, with which later writes of the lane can name the record that this one makes.
 */
export async function orderWrite(trx: Database, write: NewWrite): Promise<string> {
  const { organizationId, connectionId, action } = write;
  const id = newId();
  await tables(trx)
    .insertInto('outbox_write')
    .values({
      organization_id: organizationId,
      id,
      connection_id: connectionId,
      lane: write.lane,
      call_id: write.callId,
      person_id: write.personId,
      subject: write.subject,
      kind: action.kind,
      action: JSON.stringify(action),
      depends_on: dependenciesOf(action),
    })
    .execute();
  await notify(trx, outboxChannel, { organizationId, connectionId });
  return id;
}

/** What was ordered for each of these calls, in its order; a call without writes is absent. What was dropped is left out. */
export async function writesOfCalls(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<Map<string, WriteView[]>> {
  if (callIds.length === 0) return new Map();
  const rows = await tables(db)
    .selectFrom('outbox_write')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('call_id', 'in', [...callIds])
    .where('state', '<>', 'dropped')
    .orderBy('position')
    .execute();
  if (rows.length === 0) return new Map();
  const connections = new Map(
    (await connectionsOf(db, organizationId)).map((connection) => [connection.id, connection]),
  );
  const view = (row: WriteRow): WriteView => {
    const connection = connections.get(row.connection_id);
    const target = { kind: row.record_type as RecordType, id: row.record_id ?? '' };
    return {
      id: row.id,
      subject: row.subject,
      kind: row.kind,
      state: row.state === 'dropped' ? 'attention' : row.state,
      record:
        row.state !== 'delivered' || row.record_id === null
          ? null
          : {
              id: row.record_id,
              number: row.record_number ?? '',
              link: connection === undefined || !isLinked(row) ? null : linkOf(connection, target),
            },
      reason: row.reason,
      fix: row.fix,
      at: (row.state === 'delivered'
        ? (row.settled_at ?? row.ordered_at)
        : row.ordered_at
      ).toISOString(),
    };
  };
  const ofCalls = Map.groupBy(rows, (row) => row.call_id ?? '');
  return new Map([...ofCalls].map(([callId, some]) => [callId, some.map(view)]));
}

const linked = ['customer', 'contact', 'consumer', 'case'];
const isLinked = (row: WriteRow): boolean => linked.includes(row.record_type ?? '');

/** `from` turned out to be part of `into`: its writes are told with that call. They stay in their lane, so their order holds. */
export async function moveWrites(
  db: Database,
  organizationId: string,
  from: string,
  into: string,
): Promise<void> {
  await tables(db)
    .updateTable('outbox_write')
    .set({ call_id: into })
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', from)
    .execute();
}
