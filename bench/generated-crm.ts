import type { CrmConnection, RecordPage } from '../src/crm/port.ts';
import type { Contact, CrmRecord, RecordKind } from '../src/crm/record.ts';
import { contact, customer, openCase } from '../src/directory/testing.ts';

const pageSize = 1_000;
const id = (kind: string, index: number) => `${kind}${index.toString(16).padStart(31, '0')}`;

/** A company's CRM made of generated records, so that a pull of it measures nothing but us. */
export interface GeneratedCrm extends Pick<CrmConnection, 'pull'> {
  /** A number that one contact alone has. */
  ownNumber(index: number): string;
  /** A number that a company and its people share. */
  sharedNumber(index: number): string;
}

export interface GeneratedNames {
  person(index: number, company: number): { name: string; email: string };
  companyName(company: number): string;
}

const numbered: GeneratedNames = {
  person: (index) => ({ name: `Ada Berg${index}`, email: `ada${index}@example.com` }),
  companyName: (company) => `Company ${company}`,
};

/** Every fifth contact shares the main line of its company; the rest have a number or two of their own. */
export function generatedCrm(size: number, names = numbered, withNumbers = true): GeneratedCrm {
  const companies = Math.max(1, Math.floor(size / 50));
  const mainLine = (company: number) => `089/${2_000_000 + company}-0`;

  function generatedContact(index: number): Contact {
    const digits = String(1_000_000 + index);
    const own = `030 ${digits.slice(0, 3)}-${digits.slice(3)}`;
    const phone = index % 5 === 0 ? mainLine(index % companies) : own;
    const mobile = `+49 (0)171 ${digits}`;
    return contact(id('c', index), {
      ...names.person(index, index % companies),
      country: 'Germany',
      city: 'Berlin',
      customerId: id('k', index % companies),
      phones: !withNumbers ? {} : index % 2 === 0 ? { phone, mobile_phone: mobile } : { phone },
    });
  }

  const generated: Record<RecordKind, { count: number; make(index: number): CrmRecord }> = {
    users: { count: 0, make: generatedContact },
    customers: {
      count: companies,
      make: (index) =>
        customer(id('k', index), {
          name: names.companyName(index),
          phones: { phone: mainLine(index) },
        }),
    },
    contacts: { count: size, make: generatedContact },
    cases: {
      count: Math.floor(size / 5),
      make: (index) =>
        openCase(id('s', index), {
          number: `CS${String(index + 1).padStart(7, '0')}`,
          open: index % 3 === 0,
          contactId: id('c', index),
          customerId: id('k', index % companies),
        }),
    },
  };

  return {
    ownNumber: (index) => generatedContact((index * 5 + 1) % size).phones[0]?.raw ?? '',
    sharedNumber: (index) => mainLine(index % companies),
    async *pull(kind): AsyncGenerator<RecordPage, void, void> {
      const { count, make } = generated[kind];
      for (let start = 0; start < count; start += pageSize) {
        const records = Array.from({ length: Math.min(pageSize, count - start) }, (_, offset) =>
          make(start + offset),
        );
        yield { records, total: count, cursor: String(start) };
      }
    },
  };
}
