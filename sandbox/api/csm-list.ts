import { maySee } from '../faults/access.ts';
import { findsNothing, queryContext } from '../faults/query-policy.ts';
import { cancelledList } from '../faults/transaction.ts';
import { parameter, wholeNumber, type SignedInRequest } from '../http/instance-request.ts';
import { linkHeader } from '../http/link-header.ts';
import { rowsReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { findRows } from '../query/find-rows.ts';
import { parseQuery } from '../query/parse-query.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import type { PlainRow } from './plain-row.ts';

/** These APIs send ten rows when the limit does not say, and take their parameters with and without `sysparm_` (§2.5). */
const defaultLimit = 10;

export function csmParameter(request: SignedInRequest, name: string): string {
  return parameter(request, `sysparm_${name}`) || parameter(request, name);
}

export function csmFields(request: SignedInRequest): string[] | null {
  const fields = csmParameter(request, 'fields');
  return fields === '' ? null : fields.split(',').map((each) => each.trim());
}

/** A list of records; `present` shows one. */
export function csmList(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  present: (row: RowRef) => PlainRow,
): Reply {
  const named = request.parameters.some(([name]) => name === 'sysparm_limit')
    ? 'sysparm_limit'
    : 'limit';
  const limit = wholeNumber(request, named, defaultLimit);
  const offset =
    wholeNumber(request, named === 'limit' ? 'offset' : 'sysparm_offset', 0) ||
    wholeNumber(request, 'sysparm_offset', 0);
  const found = findRows(
    table,
    parseQuery(csmParameter(request, 'query')),
    queryContext(instance, request.user),
  );
  const nothing = findsNothing(instance, found.problems);
  const page = nothing ? [] : found.page(offset, limit).filter((row) => maySee(instance, row));
  const total = nothing ? 0 : found.total();
  const link = linkHeader(`${instance.baseUrl}${request.path}`, request.parameters, {
    total,
    limit,
    offset,
  });
  const headers = { 'X-Total-Count': String(total), ...(link === null ? {} : { Link: link }) };
  const rows = page.map((row) => JSON.stringify(present(row)));
  return cancelledList(instance, request.path, rows, headers) ?? rowsReply(rows, headers);
}
