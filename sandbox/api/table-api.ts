import { checkAccess, isInstalled } from '../faults/access.ts';
import type { SignedInRequest } from '../http/instance-request.ts';
import { errorReply, invalidTable, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import type { Table } from '../schema/table.ts';
import { listRows } from './table-list.ts';
import { createRow, deleteRow, findRow, showRow, updateRow } from './table-record.ts';

/** A request to the Table API, §1.1. */
export interface TableRequest {
  instance: Instance;
  request: SignedInRequest;
  table: Table;
  /** `v1`, `v2`, or '' for the newest. */
  version: string;
  /** Where links begin: `https://…/api/now/table`. */
  linkBase: string;
}

/** `/api/now[/v1|/v2]/table/{table}[/{sys_id}]` */
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
  const its: TableRequest = { instance, request, table, version, linkBase };
  if (sysId === null) {
    if (request.method === 'GET' || request.method === 'HEAD') return listRows(its);
    return request.method === 'POST' ? createRow(its) : methodNotSupported(request);
  }
  const found = findRow(its, sysId);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return showRow(its, found, 200);
    case 'PUT':
    case 'PATCH':
      return updateRow(its, found);
    case 'DELETE':
      return deleteRow(its, found);
    default:
      return methodNotSupported(request);
  }
}

export function methodNotSupported({ method }: { method: string }): Reply {
  return errorReply(
    405,
    'Method not supported',
    `Method ${method} is not supported for this resource`,
  );
}
