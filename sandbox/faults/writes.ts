import { refuse, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { abortedBy } from '../records/business-rules.ts';
import type { Table } from '../schema/table.ts';
import type { Values } from '../tables/row-store.ts';
import { cancelledReply } from './transaction.ts';

/** Rules of the customer's own that refuse a write (§1.5). `values` is the record as it would be stored; null when it is deleted. */
export function checkCustomRules(instance: Instance, table: Table, values: Values | null): void {
  if (instance.faults.arguments('business-rule').some((name) => table.lineage.includes(name))) {
    refuse(403, 'Operation Failed', abortedBy(table.name, 'Refuse everything'));
  }
  if (values === null) return;
  for (const argument of instance.faults.arguments('data-policy')) {
    const [name = '', field = ''] = argument.split('.');
    if (!table.lineage.includes(name) || (values[field] ?? '') !== '') continue;
    refuse(
      403,
      'Operation Failed',
      `Data Policy Exception: ${table.fields.get(field)?.label ?? field} is mandatory`,
    );
  }
}

/** A write that was done, but whose answer is lost on the way (§5.6). */
export function lostAnswer(instance: Instance, path: string, table: string, reply: Reply): Reply {
  if (reply.status >= 300) return reply;
  const happens = (name: string): boolean =>
    instance.faults.arguments(name).some((argument) => argument === '' || argument === table) &&
    instance.faults.happens(name, path) !== null;
  if (happens('commit-then-500')) return cancelledReply();
  if (happens('commit-then-silence')) return { ...reply, line: 'silent' };
  if (happens('commit-then-drop')) return { ...reply, line: 'dropped' };
  return reply;
}
