import { CrmError } from '../port.ts';
import type { CrmCode, CrmRecord, PullOptions, RecordKind, RecordPage } from '../port.ts';
import type { Client } from './client.ts';
import { atLeast, differs, equals } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { scanTable } from './scan-table.ts';
import type { Position } from './scan.ts';
import { readCase, readConsumer, readContact, readCustomer, readUser } from './record.ts';
import { patient } from './retry.ts';
import { queryTime } from './row.ts';
import type { Row } from './row.ts';
import { countRows, listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';
import { csmConsumer, customerAccount, customerCase, customerContact, sysUser } from './tables.ts';
import type { Table } from './tables.ts';

/** One search of one table that a kind of record comes from. */
interface Source {
  table: Table;
  where: Condition[];
  read(row: Row): CrmRecord;
  pageSize: number;
  display?: boolean;
  /** Left out when the instance lacks it or the user may not read it (the check reports that). */
  optional?: boolean;
}

const caseDays = 90;
const day = 86_400_000;

/** The searches behind a kind, in the order in which they are made. `now` decides which closed cases are recent. */
function sourcesOf(kind: RecordKind, now: Date): Source[] {
  switch (kind) {
    case 'users':
      // Contacts and consumers' users are rows of sys_user too; their class tells them apart.
      return [
        {
          table: sysUser,
          where: [equals('sys_class_name', 'sys_user')],
          read: readUser,
          pageSize: 1000,
        },
      ];
    case 'customers':
      return [{ table: customerAccount, where: [], read: readCustomer, pageSize: 1000 }];
    case 'contacts':
      return [
        { table: customerContact, where: [], read: readContact, pageSize: 1000 },
        { table: csmConsumer, where: [], read: readConsumer, pageSize: 1000, optional: true },
      ];
    case 'cases': {
      // Two searches without OR: where a part of a search is silently dropped, each still finds all it should. Closed
      // cases come second, so that one closed meanwhile is not missed.
      const since = queryTime(new Date(now.getTime() - caseDays * day));
      const closed = [differs('active', 'true'), atLeast('sys_updated_on', since)];
      const source = { table: customerCase, read: readCase, pageSize: 500, display: true };
      return [
        { ...source, where: [equals('active', 'true')] },
        { ...source, where: closed },
      ];
    }
  }
}

/**
 * All records of a kind, page by page; holds one page in memory. A record may come twice.
 * Throws CrmError, or HttpFailure `aborted` when the signal fired.
 */
export async function* pullRecords(
  client: Client,
  kind: RecordKind,
  { cursor = null, signal }: PullOptions,
): AsyncGenerator<RecordPage, void, void> {
  const all = sourcesOf(kind, new Date());
  const start = readCursor(cursor, all);
  const { sources, total } = await countSources(client, all, signal);
  const call = { policy: patient, signal };
  for (const source of sources) {
    const index = all.indexOf(source);
    if (index < start.source) continue;
    const { table, where } = source;
    const scan = scanTable({
      table: table.name,
      where,
      fields: table.fields,
      pageSize: source.pageSize,
      ...(source.display ? { display: true } : {}),
      from: index === start.source ? start.position : { mode: 'keyset', after: '' },
      list: (request) => listRows(client, request, call),
      count: (conditions) => count(client, table.name, conditions, call),
    });
    for await (const page of scan) {
      yield {
        records: page.rows.map(source.read),
        total,
        cursor: writeCursor(index, page.position),
      };
    }
  }
}

/** How many rows match: the total that comes with a list, else the Aggregate API; null where neither tells. */
async function count(
  client: Client,
  table: string,
  where: Condition[],
  call: CallOptions,
): Promise<number | null> {
  try {
    const list = await listRows(client, { table, where, fields: ['sys_id'], limit: 1 }, call);
    return list.total ?? (await countRows(client, table, where, call));
  } catch (error) {
    if (error instanceof CrmError) return null;
    throw error;
  }
}

/** Asks for the totals first: progress needs them, and they show which optional tables there are. */
async function countSources(client: Client, all: Source[], signal: AbortSignal | undefined) {
  const sources: Source[] = [];
  let total: number | null = 0;
  for (const source of all) {
    try {
      const request = {
        table: source.table.name,
        where: source.where,
        fields: ['sys_id'],
        limit: 1,
      };
      const list = await listRows(client, request, { policy: patient, signal });
      total = total === null || list.total === null ? null : total + list.total;
    } catch (error) {
      if (source.optional && hasCode(error, 'csm-inactive', 'no-access')) continue;
      // A total is a luxury; the scan itself finds its own way round a refused search or a page that takes too long.
      if (!hasCode(error, 'no-access', 'transaction-cancelled')) throw error;
      total = null;
    }
    sources.push(source);
  }
  return { sources, total };
}

function hasCode(error: unknown, ...codes: CrmCode[]): boolean {
  return error instanceof CrmError && codes.includes(error.code);
}

/** `0/k/<sys_id>` or `0/o/<offset>`, with the number of the search in front. */
function writeCursor(source: number, position: Position): string {
  return position.mode === 'keyset'
    ? `${source}/k/${position.after}`
    : `${source}/o/${position.offset}`;
}

/** A cursor that makes no sense starts from the beginning: pulling twice is better than missing something. */
function readCursor(
  cursor: string | null,
  sources: Source[],
): { source: number; position: Position } {
  const fresh = { source: 0, position: { mode: 'keyset', after: '' } } as const;
  const [, number = '', mode, rest = ''] = /^(\d)\/([ko])\/(.+)$/s.exec(cursor ?? '') ?? [];
  const source = Number(number);
  if (number === '' || source >= sources.length) return fresh;
  if (mode === 'k') return { source, position: { mode: 'keyset', after: rest } };
  return /^\d{1,12}$/.test(rest)
    ? { source, position: { mode: 'offset', offset: Number(rest) } }
    : fresh;
}
