import { refuse } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { formatDate } from '../query/script-value.ts';
import type { Table } from '../schema/table.ts';
import type { Values } from '../tables/row-store.ts';
import { namedSysId } from '../company/sys-id.ts';

/** What the instance does by itself when a record is written. */

const closed = new Set(['3', '7']);

/** Fields that follow from others, for every table. */
export function deriveFields(instance: Instance, table: Table, values: Values): void {
  if (table.lineage.includes('sys_user') || table.name === 'csm_consumer') {
    values['name'] =
      `${values['first_name'] ?? ''} ${values['last_name'] ?? ''}`.trim() || (values['name'] ?? '');
  }
  if (table.name === 'sn_customerservice_case') deriveCase(instance, values);
}

function deriveCase(instance: Instance, values: Values): void {
  const { database } = instance;
  if (values['account'] === '' || values['account'] === undefined) {
    // a contact brings its account along (§2.5)
    const contact = database.find('customer_contact', values['contact'] ?? '');
    if (contact) values['account'] = contact.store.value(contact.row, 'account');
  }
  if ((values['state'] ?? '1') === '1' && (values['assigned_to'] ?? '') !== '')
    values['state'] = '10';
  values['active'] = String(!closed.has(values['state'] ?? '1'));
  values['case'] = `${values['short_description'] ?? ''}\u200b${values['number'] ?? ''}`;
  const moment = formatDate(instance.now());
  if (values['state'] === '6' && !values['resolved_at']) values['resolved_at'] = moment;
  if (values['state'] === '3' && !values['closed_at']) values['closed_at'] = moment;
}

/** Refuses what the rules of Customer Service Management do not allow (§3.2). */
export function checkCaseRules(instance: Instance, before: Values | null, after: Values): void {
  const mayReopen = instance.faults.arguments('closed-cases-open').length > 0;
  if (before && !mayReopen && closed.has(before['state'] ?? '')) {
    refuse(
      403,
      'Operation Failed',
      abortedBy('sn_customerservice_case', 'Prevent changes to closed cases'),
    );
  }
  const ends = after['state'] === '6' || after['state'] === '3';
  if (
    ends &&
    before?.['state'] !== after['state'] &&
    (after['close_notes'] === '' || after['resolution_code'] === '')
  ) {
    const missing = [
      after['resolution_code'] === '' ? 'Resolution code' : '',
      after['close_notes'] === '' ? 'Resolution notes' : '',
    ].filter(Boolean);
    refuse(
      403,
      'Operation Failed',
      `Data Policy Exception: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} mandatory`,
    );
  }
}

export function abortedBy(table: string, rule: string): string {
  return `Operation against file '${table}' was aborted by Business Rule '${rule}^${namedSysId(rule)}'. Business Rule Stack:${rule}`;
}
