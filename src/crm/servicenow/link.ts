import type { LinkTarget, RecordType } from '../port.ts';

const tableOf: Record<RecordType, string> = {
  user: 'sys_user',
  customer: 'customer_account',
  contact: 'customer_contact',
  consumer: 'csm_consumer',
  case: 'sn_customerservice_case',
};

/**
 * A record's page, as the classic form that every instance has: `https://acme.service-now.com/<table>.do?sys_id=<id>`
 * (ServiceNow product documentation, 'Navigate using a URL'). `base` is a checked base URL with a final '/'.
 */
export function recordLink(base: string, target: LinkTarget): string {
  return `${base}${tableOf[target.kind]}.do?sys_id=${encodeURIComponent(target.id.toWellFormed())}`;
}
