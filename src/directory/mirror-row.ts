import { hash } from 'node:crypto';
import type {
  Case,
  Contact,
  CrmRecord,
  CrmUser,
  Customer,
  RawPhone,
  RecordType,
} from '../crm/record.ts';
import { copyCell } from '../platform/database/copy-rows.ts';
import { cleanText } from '../platform/text.ts';
import { countryCode } from './country-code.ts';
import { priorityRank } from './priority.ts';

export type Cell = string | number | boolean | Date | null;

/** A CRM's record as its table takes it: harmless text, no longer than it may be. */
export interface MirrorRow {
  id: string;
  /** In the order of the type's columns. */
  cells: Cell[];
  /** The same as text for COPY. */
  line: string;
  /** Equal as long as the CRM tells the same, telephone numbers included. */
  fingerprint: string;
  phones: RawPhone[];
  /** ISO 3166 alpha-2 of the record's own country, '' when it has none that is known. */
  country: string;
}

interface Column<R> {
  name: string;
  type: 'text' | 'boolean' | 'smallint' | 'timestamptz';
  value(record: R): Cell;
}

/**
 * Counts up when phone numbers are read or cells are made differently, so that the next pull writes
 * every record anew.
 */
const rowVersion = 3;
const longestId = 100;
const mostPhones = 20;

const text = <R>(name: string, max: number, value: (record: R) => string): Column<R> => ({
  name,
  type: 'text',
  value: (record) => cleanText(value(record), max),
});
const reference = <R>(name: string, value: (record: R) => string | null): Column<R> => ({
  name,
  type: 'text',
  value: (record) => cleanText(value(record) ?? '', longestId) || null,
});
const time = <R>(name: string, value: (record: R) => Date | null): Column<R> => ({
  name,
  type: 'timestamptz',
  value: (record) => sensibleTime(value(record)),
});

const revision: Column<CrmRecord> = {
  name: 'revision',
  type: 'text',
  value: (record) => cleanText(record.revision ?? '', 64),
};

const personColumns: Column<CrmUser | Contact>[] = [
  revision,
  text('name', 200, (record) => record.name),
  text('first_name', 100, (record) => record.firstName),
  text('last_name', 100, (record) => record.lastName),
  text('email', 254, (record) => record.email),
  text('title', 200, (record) => record.title),
  text('country', 100, (record) => record.country),
  { name: 'active', type: 'boolean', value: (record) => record.active },
  time('updated_at', (record) => record.updatedAt),
];
const userColumns: Column<CrmUser>[] = [
  ...personColumns,
  text('user_name', 100, (record) => record.userName),
];
const contactColumns: Column<Contact>[] = [
  ...personColumns,
  text('city', 100, (record) => record.city),
  text('language', 50, (record) => record.language),
  reference('customer_id', (record) => record.customerId),
];
const customerColumns: Column<Customer>[] = [
  revision,
  text('name', 200, (record) => record.name),
  text('number', 64, (record) => record.number),
  text('city', 100, (record) => record.city),
  text('country', 100, (record) => record.country),
  time('updated_at', (record) => record.updatedAt),
];
const caseColumns: Column<Case>[] = [
  revision,
  text('number', 64, (record) => record.number),
  text('short_description', 500, (record) => record.shortDescription),
  text('state_value', 100, (record) => record.state.value),
  text('state_label', 100, (record) => record.state.label),
  text('priority_value', 100, (record) => record.priority.value),
  text('priority_label', 100, (record) => record.priority.label),
  { name: 'priority_rank', type: 'smallint', value: (record) => priorityRank(record.priority) },
  { name: 'open', type: 'boolean', value: (record) => record.open },
  reference('customer_id', (record) => record.customerId),
  reference('contact_id', (record) => record.contactId),
  reference('consumer_id', (record) => record.consumerId),
  reference('assigned_to_id', (record) => record.assignedToId),
  time('opened_at', (record) => record.openedAt),
  time('updated_at', (record) => record.updatedAt),
];

/**
 * Where a type of record is kept, and its columns beside organization_id, connection_id, id and
 * fingerprint.
 */
export const mirrorTables = {
  user: { table: 'crm_user', columns: userColumns },
  customer: { table: 'customer', columns: customerColumns },
  contact: { table: 'contact', columns: contactColumns },
  consumer: { table: 'contact', columns: contactColumns },
  case: { table: 'crm_case', columns: caseColumns },
} as const satisfies Record<RecordType, { table: string; columns: readonly Column<never>[] }>;

/** Null when the record has no id, so that nothing could be done with it. */
export function mirrorRow(record: CrmRecord): MirrorRow | null {
  const id = cleanText(record.id, longestId);
  if (id === '') return null;
  const columns = mirrorTables[record.type].columns as readonly Column<CrmRecord>[];
  const cells = columns.map((column) => column.value(record));
  const phones =
    record.type === 'case' ? [] : record.phones.slice(0, mostPhones).map(harmlessPhone);
  const country = record.type === 'case' ? '' : (countryCode(record.country.trim()) ?? '');
  const line = cells.map(cleanCell).join('\t');
  let all = `${rowVersion}\t${line}`;
  for (const { field, label, raw } of phones) all += `\n${field}\t${label}\t${raw}`;
  // Not a secret and not a signature: 128 bits of SHA-256 are plenty to tell a change.
  return { id, cells, line, fingerprint: hash('sha256', all).slice(0, 32), phones, country };
}

/** copyCell for text without tabs and line breaks, which cleanText leaves none of. */
function cleanCell(cell: Cell): string {
  return typeof cell === 'string' && !cell.includes('\\') ? cell : copyCell(cell);
}

function harmlessPhone(phone: RawPhone): RawPhone {
  return {
    field: cleanText(phone.field, 100),
    label: cleanText(phone.label, 100),
    // Two numbers on two lines stay two numbers.
    raw: cleanText(phone.raw.slice(0, 1000).replace(/\s*[\r\n]+\s*/g, '; '), 200),
  };
}

/** A time outside of what people and PostgreSQL mean is none. */
function sensibleTime(time: Date | null): Date | null {
  if (time === null) return null;
  const year = time.getUTCFullYear();
  return year >= 1900 && year <= 9999 ? time : null;
}
