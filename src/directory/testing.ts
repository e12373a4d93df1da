import type { CrmConnection, RecordPage } from '../crm/port.ts';
import type { Case, Contact, CrmRecord, CrmUser, Customer, RecordKind } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import { insertOrganization, setSeatTotals } from '../organization/organization-store.ts';
import type { OrganizationTables } from '../organization/tables.ts';
import type { Place } from './record-store.ts';

/** Records and a CRM made of arrays, for tests and the bench. */

const person = {
  name: '',
  firstName: '',
  lastName: '',
  email: '',
  title: '',
  active: true,
  country: '',
  updatedAt: new Date('2026-01-02T03:04:05Z'),
};

export function phones(
  numbers: Record<string, string>,
): { field: string; label: string; raw: string }[] {
  return Object.entries(numbers).map(([field, raw]) => ({
    field,
    label: field.replaceAll('_', ' '),
    raw,
  }));
}

type Numbers = { phones?: Record<string, string> };

export function contact(
  id: string,
  fields: Partial<Omit<Contact, 'phones'>> & Numbers = {},
): Contact {
  const [firstName = '', lastName = ''] = (fields.name ?? 'Ada Berg').split(' ');
  const base = {
    ...person,
    customerId: null,
    city: '',
    language: '',
    name: 'Ada Berg',
    firstName,
    lastName,
  };
  return { type: 'contact', ...base, ...fields, id, phones: phones(fields.phones ?? {}) };
}

export function customer(
  id: string,
  fields: Partial<Omit<Customer, 'phones'>> & Numbers = {},
): Customer {
  const base = {
    name: 'Acme',
    number: 'ACCT1',
    city: '',
    country: '',
    updatedAt: person.updatedAt,
  };
  return { type: 'customer', ...base, ...fields, id, phones: phones(fields.phones ?? {}) };
}

export function user(id: string, fields: Partial<Omit<CrmUser, 'phones'>> & Numbers = {}): CrmUser {
  return {
    type: 'user',
    ...person,
    userName: id,
    ...fields,
    id,
    phones: phones(fields.phones ?? {}),
  };
}

export function openCase(id: string, fields: Partial<Case> = {}): Case {
  return {
    type: 'case',
    id,
    number: `CS${id}`,
    shortDescription: 'It does not work',
    state: { value: '1', label: 'New' },
    priority: { value: '3', label: '3 - Moderate' },
    open: true,
    customerId: null,
    contactId: null,
    consumerId: null,
    assignedToId: null,
    openedAt: new Date('2026-01-01T00:00:00Z'),
    updatedAt: person.updatedAt,
    ...fields,
  };
}

export type Company = Partial<Record<RecordKind, CrmRecord[][]>>;

/** A CRM whose records stand in pages; `total` is their number unless told. */
export function fakeCrm(
  company: Company,
  options: { total?: number | null } = {},
): Pick<CrmConnection, 'pull'> {
  return {
    async *pull(kind): AsyncGenerator<RecordPage, void, void> {
      const pages = company[kind] ?? [];
      const total = options.total === undefined ? pages.flat().length : options.total;
      for (const [index, records] of pages.entries())
        yield { records, total, cursor: String(index) };
    },
  };
}

/** An organization with one connection to pull into. */
export async function newPlace(
  db: Database,
  country = 'DE',
  connectionId = newId(),
): Promise<Place> {
  const organizationId = newId();
  await insertOrganization(db, { id: organizationId, name: 'Test', country, timeZone: 'UTC' });
  await setSeatTotals(db, organizationId, { View: 1 });
  return { organizationId, connectionId: await newConnection(db, organizationId, connectionId) };
}

export async function newConnection(
  db: Database,
  organizationId: string,
  id = newId(),
): Promise<string> {
  await db
    .withTables<OrganizationTables>()
    .insertInto('crm_connection')
    .values({
      organization_id: organizationId,
      id,
      platform: 'fake',
      settings: '{}',
      secrets: '{}',
      is_primary: false,
      last_check_at: null,
    })
    .execute();
  return id;
}
