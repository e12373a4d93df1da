import { maySee } from '../faults/access.ts';
import { findsNothing, queryContext } from '../faults/query-policy.ts';
import { cancelledList } from '../faults/transaction.ts';
import { isTrue, wholeNumber } from '../http/instance-request.ts';
import { linkHeader } from '../http/link-header.ts';
import { noRecord, rowsReply, type Reply } from '../http/reply.ts';
import { findRows } from '../query/find-rows.ts';
import { writerFor } from './row-writer.ts';
import type { TableRequest } from './table-api.ts';
import { tableQuery } from './table-query.ts';

/** How many rows come when sysparm_limit does not say (§1.2). */
const defaultLimit = 10_000;

export function listRows({ instance, request, table, version, linkBase }: TableRequest): Reply {
  const limit = wholeNumber(request, 'sysparm_limit', defaultLimit);
  const offset = wholeNumber(request, 'sysparm_offset', 0);
  const found = findRows(
    table,
    tableQuery(instance, request, table),
    queryContext(instance, request.user),
  );
  const nothing = findsNothing(instance, found.problems);
  // row access comes after the limit: the page may be short although more follows
  const page = nothing ? [] : found.page(offset, limit).filter((row) => maySee(instance, row));
  const headers: Reply['headers'] = {};
  if (!isTrue(request, 'sysparm_no_count')) {
    const total = nothing ? 0 : found.total();
    headers['X-Total-Count'] = String(total);
    const link = linkHeader(`${instance.baseUrl}${request.path}`, request.parameters, {
      total,
      limit,
      offset,
    });
    if (link !== null && !isTrue(request, 'sysparm_suppress_pagination_header'))
      headers['Link'] = link;
  }
  if (page.length === 0 && version === 'v1') return noRecord();
  const rows = page.map(writerFor(instance, request, table, linkBase));
  return cancelledList(instance, request.path, rows, headers) ?? rowsReply(rows, headers);
}
