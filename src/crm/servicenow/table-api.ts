import type { Client } from './client.ts';
import { encodeQuery } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { failure } from './failure.ts';
import type { RetryPolicy } from './retry.ts';
import type { Row } from './row.ts';

/** A list request to the Table API. */
export interface ListRequest {
  table: string;
  where: Condition[];
  /** Whole filters beside `where`, of which a row may pass another one instead. */
  or?: readonly Condition[][];
  orderBy?: string[];
  /** Of `orderBy`; rising when left out. */
  descending?: boolean;
  fields: string[];
  limit: number;
  offset?: number;
  /** Every field with its value and its display value; slower, so only where labels are needed. */
  display?: boolean;
}

export interface List {
  rows: Row[];
  /** Rows that match in all, before access rules; null when the instance did not say. */
  total: number | null;
}

export interface CallOptions {
  policy: RetryPolicy;
  signal?: AbortSignal | undefined;
}

/**
 * One page of a table. The limit counts before access rules: fewer rows than asked, even none, is not the end.
 * Throws CrmError.
 */
export async function listRows(
  client: Client,
  request: ListRequest,
  options: CallOptions,
): Promise<List> {
  const query = encodeQuery(request.where, request.orderBy, request.descending, request.or);
  const answer = await client.get({
    path: `api/now/table/${request.table}`,
    parameters: {
      ...(query === '' ? {} : { sysparm_query: query }),
      sysparm_fields: request.fields.join(','),
      sysparm_limit: String(request.limit),
      ...(request.offset ? { sysparm_offset: String(request.offset) } : {}),
      sysparm_exclude_reference_link: 'true',
      // Long queries make the Link header overflow what proxies accept.
      sysparm_suppress_pagination_header: 'true',
      ...(request.display ? { sysparm_display_value: 'all' } : {}),
    },
    subject: request.table,
    ...options,
  });
  const rows = answer.result;
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw failure('malformed', `The answer for ${request.table} is no list of records.`);
  }
  return { rows, total: answer.total };
}

/** How many rows match, by the Aggregate API; null when the instance does not tell. Throws CrmError. */
export async function countRows(
  client: Client,
  table: string,
  where: Condition[],
  options: CallOptions,
  or: readonly Condition[][] = [],
): Promise<number | null> {
  const query = encodeQuery(where, [], false, or);
  const answer = await client.get({
    path: `api/now/stats/${table}`,
    parameters: { ...(query === '' ? {} : { sysparm_query: query }), sysparm_count: 'true' },
    subject: table,
    ...options,
  });
  const stats = isRow(answer.result) ? answer.result['stats'] : null;
  const count = isRow(stats) ? stats['count'] : null;
  return typeof count === 'string' && /^\d{1,15}$/.test(count) ? Number(count) : null;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
