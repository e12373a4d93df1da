import { checkAccess, checkWrite, maySee } from '../faults/access.ts';
import { checkCustomRules, lostAnswer } from '../faults/writes.ts';
import { readObject, type SignedInRequest } from '../http/instance-request.ts';
import { noRecord, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { readInput } from '../records/input.ts';
import { createRecord } from '../records/write-record.ts';
import { csmFields, csmList, csmParameter } from './csm-list.ts';
import { plainRow } from './plain-row.ts';
import { methodNotSupported } from './table-api.ts';

/** The tables behind `/api/now/account`, `/contact` and `/consumer`. */
export const peopleResources: Record<string, string> = {
  account: 'customer_account',
  contact: 'customer_contact',
  consumer: 'csm_consumer',
};

/** Account can only be read; contact and consumer can be made too, but not changed (§2.5). */
export function peopleApi(
  instance: Instance,
  request: SignedInRequest,
  resource: string,
  sysId: string | undefined,
): Reply {
  const table = instance.database.tables.get(peopleResources[resource]!)!;
  checkAccess(instance, table, request.user);
  const shown = csmParameter(request, 'display_value') === 'true';
  if (request.method === 'POST' && sysId === undefined && resource !== 'account') {
    checkWrite(instance, table, 'Insert');
    const input = readInput(instance, table, readObject(request), false);
    const row = createRecord(instance, table, input, request.user.userName, (values) =>
      checkCustomRules(instance, table, values),
    );
    // the result is the bare sys_id
    return lostAnswer(
      instance,
      request.path,
      table.name,
      resultReply(201, row.store.value(row.row, 'sys_id')),
    );
  }
  if (request.method !== 'GET') return methodNotSupported(request);
  if (sysId === undefined)
    return csmList(instance, request, table, (row) =>
      plainRow(instance, row, csmFields(request), shown),
    );
  const found = instance.database.find(table.name, sysId);
  return found && maySee(instance, found)
    ? resultReply(200, plainRow(instance, found, csmFields(request), shown))
    : noRecord();
}
