import { checkWrite, maySee } from '../faults/access.ts';
import { checkCustomRules, lostAnswer } from '../faults/writes.ts';
import { readObject, type SignedInRequest } from '../http/instance-request.ts';
import { noRecord, noResource, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { readInput } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/write-record.ts';
import type { RowRef } from '../tables/database.ts';
import { caseActivities } from './case-activities.ts';
import { csmFields, csmList, csmParameter } from './csm-list.ts';
import { plainRow, type PlainRow } from './plain-row.ts';
import { methodNotSupported } from './table-api.ts';

const caseTable = 'sn_customerservice_case';
const expanded = ['contact', 'account', 'consumer'] as const;

/** `/api/sn_customerservice[/v1]/case…`, §2.5. `rest` is what follows `case`. */
export function caseApi(
  instance: Instance,
  request: SignedInRequest,
  rest: readonly string[],
): Reply {
  const { method } = request;
  const [id, part, field] = rest;
  const table = instance.database.tables.get(caseTable)!;
  if (id === undefined) {
    if (method === 'POST') return createCase(instance, request);
    return method === 'GET'
      ? csmList(instance, request, table, (row) => presentCase(instance, request, row))
      : methodNotSupported(request);
  }
  if (id === 'field_values' && part !== undefined) return fieldValues(instance, part);
  const row = findCase(instance, id);
  if (!row || !maySee(instance, row)) return noRecord();
  if (part === 'activities') return caseActivities(instance, request, row);
  if (part === 'field_values' && field !== undefined) return fieldValues(instance, field);
  if (part !== undefined) return noResource(request.path);
  if (method === 'PUT') return changeCase(instance, request, row);
  return method === 'GET'
    ? resultReply(200, presentCase(instance, request, row))
    : methodNotSupported(request);
}

/** By sys_id or by number. */
function findCase(instance: Instance, id: string): RowRef | null {
  const found = instance.database.find(caseTable, id);
  if (found || !/^CS\d+$/i.test(id)) return found;
  const store = instance.database.store(caseTable);
  const generated = Number(id.slice(2)) - 1_000_001;
  if (generated >= 0 && generated < store.generated.count && store.exists(generated))
    return { store, row: generated };
  for (const row of store.edited())
    if (store.value(row, 'number') === id.toUpperCase()) return { store, row };
  return null;
}

/** Contact, account and consumer are whole objects unless sysparm_reference_fields=false. */
function presentCase(instance: Instance, request: SignedInRequest, row: RowRef): PlainRow {
  const shown = csmParameter(request, 'display_value') === 'true';
  const plain = plainRow(instance, row, csmFields(request), shown);
  if (csmParameter(request, 'reference_fields') === 'false') return plain;
  for (const name of expanded) {
    const target =
      name in plain
        ? instance.database.find(
            row.store.table.fields.get(name)!.reference,
            row.store.value(row.row, name),
          )
        : null;
    if (target) plain[name] = plainRow(instance, target, null, shown);
  }
  return plain;
}

/** Nothing is checked and nothing ignored is told; the answer holds no more than these two. */
function createCase(instance: Instance, request: SignedInRequest): Reply {
  const table = instance.database.tables.get(caseTable)!;
  checkWrite(instance, table, 'Insert');
  const input = readInput(instance, table, readObject(request), false);
  const row = createRecord(instance, table, input, request.user.userName, (values) =>
    checkCustomRules(instance, table, values),
  );
  return lostAnswer(instance, request.path, caseTable, resultReply(201, short(row)));
}

function changeCase(instance: Instance, request: SignedInRequest, row: RowRef): Reply {
  const { table } = row.store;
  checkWrite(instance, table, 'Update');
  updateRecord(
    instance,
    row,
    readInput(instance, table, readObject(request), false),
    request.user.userName,
    (values) => checkCustomRules(instance, table, values),
  );
  return lostAnswer(instance, request.path, caseTable, resultReply(200, short(row)));
}

function short({ store, row }: RowRef): PlainRow {
  return { sys_id: store.value(row, 'sys_id'), number: store.value(row, 'number') };
}

/** The choices of a field as this instance has them. */
function fieldValues(instance: Instance, name: string): Reply {
  const field = instance.database.tables.get(caseTable)!.fields.get(name);
  return resultReply(
    200,
    (field?.choices ?? []).map(({ value, label }) => ({ label, value })),
  );
}
