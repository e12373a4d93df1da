import { CrmError } from '../crm-error.ts';
import type { CrmCode } from '../crm-error.ts';
import type { KeyPage, PullOptions, RecordPage } from '../port.ts';
import type { RecordKind } from '../record.ts';
import type { Client } from './client.ts';
import type { Condition } from './encoded-query.ts';
import { revisionOf } from './record.ts';
import { patient } from './retry.ts';
import { text } from './row.ts';
import type { Row } from './row.ts';
import { scanTable } from './scan-table.ts';
import type { Position } from './scan.ts';
import { sourcesOf } from './source.ts';
import type { Source } from './source.ts';
import { countRows, listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';

/**
 * All records of a kind, page by page; holds one page in memory. A record may come twice.
 * Throws CrmError, or HttpFailure `aborted` when the signal fired.
 */
export async function* pullRecords(
  client: Client,
  kind: RecordKind,
  options: PullOptions,
): AsyncGenerator<RecordPage, void, void> {
  for await (const { rows, source, total, cursor } of pullRows(client, kind, options)) {
    yield { records: rows.map(source.read), total, cursor };
  }
}

const keyFields = ['sys_id', 'sys_mod_count', 'sys_updated_on'];
/** Keys are short; more of them fit into a page. */
const keyPageSize = 5000;

/** The keys of the same records, in the same order and by the same rules. Throws like pullRecords. */
export async function* pullKeys(
  client: Client,
  kind: RecordKind,
  options: PullOptions,
): AsyncGenerator<KeyPage, void, void> {
  const short = (source: Source): Source => ({
    table: {
      ...source.table,
      // What the search asks for must come with the row, or the row cannot be checked against it.
      fields: [
        ...new Set([
          ...keyFields,
          ...source.where.flatMap((part) => ('field' in part ? [part.field] : [])),
        ]),
      ],
    },
    where: source.where,
    type: source.type,
    read: source.read,
    pageSize: keyPageSize,
    ...(source.optional ? { optional: true } : {}),
  });
  for await (const { rows, source, total, cursor } of pullRows(client, kind, options, short)) {
    const keys = rows.map((row) => ({
      type: source.type,
      id: text(row, 'sys_id', 64),
      revision: revisionOf(row) ?? '',
    }));
    yield { keys, total, cursor };
  }
}

interface RowPage {
  rows: Row[];
  source: Source;
  total: number | null;
  cursor: string;
}

async function* pullRows(
  client: Client,
  kind: RecordKind,
  { cursor = null, caseDays, signal }: PullOptions,
  shape: (source: Source) => Source = (source) => source,
): AsyncGenerator<RowPage, void, void> {
  const all = sourcesOf(kind, new Date(), caseDays).map(shape);
  const start = readCursor(cursor, all);
  const { sources, total } = await countSources(client, all, signal);
  const call = { policy: patient, signal };
  let empty = true;
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
      empty = false;
      yield {
        rows: page.rows,
        source,
        total,
        cursor: writeCursor(index, page.position),
      };
    }
  }
  const [source] = all;
  if (empty && source !== undefined) yield { rows: [], source, total, cursor: cursor ?? '' };
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

export function hasCode(error: unknown, ...codes: CrmCode[]): boolean {
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
