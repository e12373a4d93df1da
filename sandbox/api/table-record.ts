import { checkWrite, isInstalled, maySee } from '../faults/access.ts';
import { checkCustomRules, lostAnswer } from '../faults/writes.ts';
import { isTrue, readObject } from '../http/instance-request.ts';
import { emptyReply, jsonReply, noRecord, Refused, type Reply } from '../http/reply.ts';
import { readInput } from '../records/input.ts';
import { createRecord, deleteRecord, updateRecord } from '../records/write-record.ts';
import type { RowRef } from '../tables/database.ts';
import { writerFor } from './row-writer.ts';
import type { TableRequest } from './table-api.ts';

/** Throws the 404 of a record that is missing or hidden: the two look the same. */
export function findRow({ instance, table }: TableRequest, sysId: string): RowRef {
  const found = instance.database.find(table.name, sysId);
  if (!found || !isInstalled(instance, found.store.table) || !maySee(instance, found))
    throw new Refused(noRecord());
  return found;
}

export function showRow(
  { instance, request, table, linkBase }: TableRequest,
  row: RowRef,
  status: number,
  headers: Reply['headers'] = {},
): Reply {
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  if (writes && request.headers['x-no-response-body'] === 'true')
    return emptyReply(status, headers);
  const body = writerFor(instance, request, table, linkBase)(row);
  return { ...jsonReply(status, null, headers), body: `{"result":${body}}` };
}

/** Only one record is made, whatever else the body holds. */
export function createRow(its: TableRequest): Reply {
  const { instance, request, table, linkBase } = its;
  checkWrite(instance, table, 'Insert');
  const input = readInput(
    instance,
    table,
    readObject(request),
    isTrue(request, 'sysparm_input_display_value'),
  );
  const row = createRecord(instance, table, input, request.user.userName, (values) =>
    checkCustomRules(instance, table, values),
  );
  const location = `${linkBase}/${table.name}/${row.store.value(row.row, 'sys_id')}`;
  return lostAnswer(
    instance,
    request.path,
    table.name,
    showRow(its, row, 201, { Location: location }),
  );
}

export function updateRow(its: TableRequest, row: RowRef): Reply {
  const { instance, request } = its;
  const { table } = row.store;
  checkWrite(instance, table, 'Update');
  const input = readInput(
    instance,
    table,
    readObject(request),
    isTrue(request, 'sysparm_input_display_value'),
  );
  updateRecord(instance, row, input, request.user.userName, (values) =>
    checkCustomRules(instance, table, values),
  );
  return lostAnswer(instance, request.path, table.name, showRow(its, row, 200));
}

export function deleteRow({ instance, request }: TableRequest, row: RowRef): Reply {
  const { table } = row.store;
  checkWrite(instance, table, 'Delete');
  checkCustomRules(instance, table, null);
  deleteRecord(instance, row, request.user.userName);
  return lostAnswer(instance, request.path, table.name, emptyReply(204));
}
