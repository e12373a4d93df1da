import type { LinkTarget } from '../port.ts';
import type { RecordType } from '../record.ts';
import type { WriteKind, WriteValues } from '../write.ts';
import { toColumns, writableOf } from './writable.ts';

/** How a record is opened in the browser: a setting of the connection. */
export const linkStyles = [
  { value: 'classic', label: 'Classic form' },
  { value: 'framed', label: 'Classic form inside the navigation' },
  { value: 'workspace', label: 'CSM Configurable Workspace' },
] as const;
export type LinkStyle = (typeof linkStyles)[number]['value'];

const tableOf: Record<RecordType, string> = {
  user: 'sys_user',
  customer: 'customer_account',
  contact: 'customer_contact',
  consumer: 'csm_consumer',
  case: 'sn_customerservice_case',
};

const kindOfNew = { 'new-case': 'case', 'new-contact': 'contact' } as const;

/** The form of a style of link; anything else than a style that we know is the classic form, which every instance has. */
export function linkStyleOf(value: string | undefined): LinkStyle {
  return linkStyles.find((style) => style.value === value)?.value ?? 'classic';
}

/**
 * A record's page, or that of a new record with values filled in. `base` is a checked base URL with a final '/'.
 * Classic and framed: ServiceNow product documentation, 'Navigate to a record or module using a URL'. The paths of the workspace
 * stand in no documentation; independent users of real instances write them so.
 */
export function recordLink(base: string, style: LinkStyle, target: LinkTarget): string {
  const page = pageOf(target);
  if (style === 'workspace') {
    const { table, id, query } = page;
    // Servers take an encoded slash in a path for an attack.
    const values = query.replaceAll(/[\\/]/g, '-');
    const prefilled = values === '' ? '' : `/params/query/${encodeURIComponent(values)}`;
    return `${base}now/cwf/agent/record/${table}/${encodeURIComponent(id)}${prefilled}`;
  }
  const classic = classicPath(page);
  return style === 'framed'
    ? `${base}nav_to.do?uri=${encodeURIComponent(classic)}`
    : base + classic;
}

interface Page {
  table: string;
  id: string;
  /** Values of a new record, as an encoded query; not percent-encoded yet. */
  query: string;
}

function pageOf(target: LinkTarget): Page {
  if (target.kind !== 'new-case' && target.kind !== 'new-contact')
    return { table: tableOf[target.kind], id: target.id.toWellFormed(), query: '' };
  const kind = kindOfNew[target.kind];
  return { table: writableOf(kind).table, id: '-1', query: prefilling(kind, target.values) };
}

function classicPath({ table, id, query }: Page): string {
  const path = `${table}.do?sys_id=${encodeURIComponent(id)}`;
  return query === '' ? path : `${path}&sysparm_query=${encodeURIComponent(query)}`;
}

const longestValue = 300;

/** `contact=…^contact_type=phone`. What would mean something else than itself inside a query is taken out of the values. */
function prefilling<K extends WriteKind>(kind: K, values: WriteValues<K>): string {
  return Object.entries(toColumns(kind, values))
    .map(([column, value]) => [column, harmless(value)] as const)
    .filter(([, value]) => value !== '')
    .map(([column, value]) => `${column}=${value}`)
    .join('^');
}

/** `^` and line breaks have no escape, and `javascript:` is run by the instance. */
function harmless(value: string): string {
  let text = value.replaceAll(/[\^\p{Cc}]+/gu, ' ');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.trim().replace(/^javascript:/i, '');
  }
  return text.slice(0, longestValue).toWellFormed();
}
