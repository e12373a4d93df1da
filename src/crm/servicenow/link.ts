import type { LinkTarget, RecordType } from "../port.ts";
import { readBaseUrl } from "./base-url.ts";

const tableOf: Record<RecordType, string> = {
  user: "sys_user",
  customer: "customer_account",
  contact: "customer_contact",
  consumer: "csm_consumer",
  case: "sn_customerservice_case",
};

/**
 * A record's page, as the classic form that every instance has: `https://acme.service-now.com/<table>.do?sys_id=<id>`
 * (ServiceNow product documentation, 'Navigate using a URL'). Null when `detailsLink` is no base URL.
 */
export function recordLink(detailsLink: string, target: LinkTarget): string | null {
  const base = readBaseUrl(detailsLink);
  if (!base.ok) return null;
  return `${base.url}${tableOf[target.kind]}.do?sys_id=${encodeURIComponent(target.id.toWellFormed())}`;
}
