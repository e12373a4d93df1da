import { checkAccess, isInstalled, maySee } from '../faults/access.ts';
import { findsNothing, queryContext } from '../faults/query-policy.ts';
import { isTrue, readObject, wholeNumber, type SignedInRequest } from '../http/instance-request.ts';
import { linkHeader } from '../http/link-header.ts';
import {
  emptyReply,
  errorReply,
  invalidTable,
  noRecord,
  resultReply,
  rowsReply,
  type Reply,
} from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { findRows } from '../query/find-rows.ts';
import { readInput } from '../records/input.ts';
import { createRecord, deleteRecord, updateRecord } from '../records/write-record.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import { tableQuery } from './table-query.ts';
import { writerFor } from './row-writer.ts';

/** How many rows come when sysparm_limit does not say (§1.2). */
const defaultLimit = 10_000;

/** `/api/now[/v1|/v2]/table/{table}[/{sys_id}]`, §1.1. `version` is '' for the newest. */
export function tableApi(
  instance: Instance,
  request: SignedInRequest,
  version: string,
  tableName: string,
  sysId: string | null,
): Reply {
  const table = instance.database.tables.get(tableName);
  if (!table || !isInstalled(instance, table)) return invalidTable(tableName);
  checkAccess(instance, table, request.user);
  const linkBase = `${instance.baseUrl}/api/now/${version === '' ? '' : `${version}/`}table`;
  if (sysId === null) {
    if (request.method === 'GET' || request.method === 'HEAD')
      return list(instance, request, table, version, linkBase);
    if (request.method === 'POST') return create(instance, request, table, linkBase);
    return errorReply(
      405,
      'Method not supported',
      `Method ${request.method} is not supported for this resource`,
    );
  }
  const found = instance.database.find(table.name, sysId);
  if (!found || !maySee(instance, found)) return noRecord();
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return show(instance, request, table, found, linkBase, 200);
    case 'PUT':
    case 'PATCH':
      updateRecord(
        instance,
        found,
        readInput(
          instance,
          found.store.table,
          readObject(request),
          isTrue(request, 'sysparm_input_display_value'),
        ),
        request.user.userName,
      );
      return show(instance, request, table, found, linkBase, 200);
    case 'DELETE':
      deleteRecord(instance, found, request.user.userName);
      return emptyReply(204);
    default:
      return errorReply(
        405,
        'Method not supported',
        `Method ${request.method} is not supported for this resource`,
      );
  }
}

function list(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  version: string,
  linkBase: string,
): Reply {
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
  return rowsReply(page.map(writerFor(instance, request, table, linkBase)), headers);
}

function create(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  linkBase: string,
): Reply {
  const input = readInput(
    instance,
    table,
    readObject(request),
    isTrue(request, 'sysparm_input_display_value'),
  );
  const row = createRecord(instance, table, input, request.user.userName);
  const location = `${linkBase}/${table.name}/${row.store.value(row.row, 'sys_id')}`;
  return show(instance, request, table, row, linkBase, 201, { Location: location });
}

function show(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  row: RowRef,
  linkBase: string,
  status: number,
  headers: Reply['headers'] = {},
): Reply {
  if (request.headers['x-no-response-body'] === 'true' && request.method !== 'GET')
    return emptyReply(status, headers);
  const body = writerFor(instance, request, table, linkBase)(row);
  return { ...resultReply(status, null, headers), body: `{"result":${body}}` };
}
