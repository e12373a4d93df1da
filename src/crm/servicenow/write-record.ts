import type { WriteOptions } from '../port.ts';
import type { NewRecord, WriteKind, WriteValues, WrittenRecord } from '../write.ts';
import type { Client } from './client.ts';
import { equals, isSafeValue } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { failure } from './failure.ts';
import { rawValue, text } from './row.ts';
import type { Row } from './row.ts';
import { matchesAll } from './scan.ts';
import { listRows } from './table-api.ts';
import { toColumns, writableOf } from './writable.ts';
import type { Writable } from './writable.ts';
import { writeOnce, writing } from './write-once.ts';
import type { Finding } from './write-once.ts';

const idAtMost = 100;

/** Makes a record, once; see CrmConnection.create. */
export async function createRecord<K extends WriteKind>(
  client: Client,
  kind: K,
  { correlationId, values, fresh = false }: NewRecord<K>,
  options: WriteOptions = {},
): Promise<WrittenRecord> {
  if (correlationId === '' || correlationId.length > idAtMost || !isSafeValue(correlationId))
    throw failure('rejected', 'The correlation id of a new record is empty, too long or unusable.');
  const writable = writableOf(kind);
  const columns = toColumns(kind, values);
  const body = { ...columns, [writable.correlation]: correlationId };
  const { result, existed } = await writeOnce(
    {
      tried: !fresh,
      subject: writable.table,
      settledAfterMs: client.settledAfterMs,
      send: () => post(client, writable, body, options),
      find: () => findEarlier(client, writable, columns, correlationId, options),
    },
    options,
  );
  return { ...result, existed };
}

export type Made = Omit<WrittenRecord, 'existed'>;

export async function post(
  client: Client,
  { table }: Writable,
  body: Record<string, string>,
  options: WriteOptions,
): Promise<Made> {
  const answer = await client.write({
    method: 'POST',
    path: `api/now/table/${table}`,
    parameters: {
      sysparm_fields: 'sys_id,number',
      sysparm_exclude_reference_link: 'true',
    },
    body,
    subject: table,
    ...writing(options),
  });
  const row = answer.result as Row | null;
  const made = typeof row === 'object' && row !== null ? asMade(row) : null;
  if (made === null || made.id === '')
    throw failure('malformed', `ServiceNow did not say which record of ${table} it made.`);
  return made;
}

const asMade = (row: Row): Made => ({
  id: text(row, 'sys_id', 64),
  number: text(row, 'number', 64),
});

/**
 * By the column with our id. Where the table has none, or hides it, by everything that was written: ServiceNow leaves
 * out of a record what it has no column for, without a word.
 */
export async function findEarlier(
  client: Client,
  writable: Writable,
  columns: Record<string, string>,
  correlationId: string,
  options: WriteOptions,
): Promise<Finding<Made>> {
  const { table, correlation } = writable;
  const list = async (where: Condition[], fields: string[], limit: number): Promise<Row[]> => {
    const request = { table, where, fields: ['sys_id', 'number', ...fields], limit };
    return (await listRows(client, request, writing(options))).rows;
  };
  const byId = [equals(correlation, correlationId)];
  const answered = await list(byId, [correlation], 20);
  const first = answered.find((row) => rawValue(row, correlation) === correlationId);
  if (first !== undefined) return { done: asMade(first) };
  // Does the table have the column at all? A record that shows it, even empty, says so. An answer with other records
  // says that the search was ignored.
  const [any] = await list([], [correlation], 1);
  const known = any !== undefined && rawValue(any, correlation) !== undefined;
  if (known && answered.length === 0) return 'not-done';

  const alike = Object.entries(columns)
    .filter(([, value]) => value !== '' && isSafeValue(value))
    .map(([column, value]) => equals(column, value));
  if (alike.length === 0) return any === undefined ? 'not-done' : 'unknown';
  const named = Object.keys(columns);
  const candidates = await list(alike, named, 20);
  const same = candidates.find(
    (row) => named.every((column) => rawValue(row, column) !== undefined) && matchesAll(row, alike),
  );
  // One value alone is no proof: two companies may have the same name.
  if (same !== undefined && alike.length > 1) return { done: asMade(same) };
  return candidates.length === 0 ? 'not-done' : 'unknown';
}

/** Changes fields of a record; see CrmConnection.update. Values replace values, so a second try does no harm. */
export async function updateRecord<K extends WriteKind>(
  client: Client,
  kind: K,
  id: string,
  values: WriteValues<K>,
  options: WriteOptions = {},
): Promise<void> {
  const { table } = writableOf(kind);
  const body = toColumns(kind, values);
  await writeOnce(
    {
      tried: false,
      subject: table,
      settledAfterMs: client.settledAfterMs,
      send: () => patch(client, table, id, body, options),
      find: async () => 'not-done',
    },
    options,
  );
}

export async function patch(
  client: Client,
  table: string,
  id: string,
  body: Record<string, string>,
  options: WriteOptions,
): Promise<void> {
  await client.write({
    method: 'PATCH',
    path: `api/now/table/${table}/${encodeURIComponent(id.toWellFormed())}`,
    parameters: { sysparm_fields: 'sys_id', sysparm_exclude_reference_link: 'true' },
    body,
    subject: table,
    ...writing(options),
  });
}
