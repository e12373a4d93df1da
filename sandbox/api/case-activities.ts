import { parameter, type SignedInRequest } from '../http/instance-request.ts';
import { resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import type { RowRef } from '../tables/database.ts';

/** `GET …/case/{id}/activities`, §2.5: the entries of the journal fields, newest first. */
export function caseActivities(
  instance: Instance,
  request: SignedInRequest,
  { store, row }: RowRef,
): Reply {
  const wanted = parameter(request, 'sysparm_activity_type') || parameter(request, 'activity_type');
  const sysId = store.value(row, 'sys_id');
  const journal = instance.database.store('sys_journal_field');
  const entries = [];
  for (const entry of journal.edited()) {
    const element = journal.value(entry, 'element');
    if (journal.value(entry, 'element_id') !== sysId || (wanted !== '' && wanted !== element))
      continue;
    const login = journal.value(entry, 'sys_created_by');
    const user = instance.findUser(login);
    entries.push({
      sys_id: journal.value(entry, 'sys_id'),
      element,
      field_label: store.table.fields.get(element)?.label ?? element,
      value: journal.value(entry, 'value'),
      name: user ? user.store.value(user.row, 'name') : login,
      login_name: login,
      user_sys_id: user ? user.store.value(user.row, 'sys_id') : '',
      sys_created_on: journal.value(entry, 'sys_created_on'),
      initials: '',
      contains_code: 'false',
    });
  }
  return resultReply(200, {
    sys_id: sysId,
    number: store.value(row, 'number'),
    display_value: store.value(row, 'number'),
    table: store.table.name,
    label: store.table.label,
    entries: entries.toReversed(),
    journal_fields: ['comments', 'work_notes'].map((name) => ({
      name,
      label: store.table.fields.get(name)!.label,
      can_read: true,
      can_write: true,
    })),
  });
}
