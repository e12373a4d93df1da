import type { Company } from './company.ts';
import type { PhoneField } from './contacts.ts';
import type { Country, City } from './country.ts';
import { e164 } from './phone-writing.ts';
import { landline, mobile } from './typed-phone.ts';

/** Somebody of the generated company who can be made to call. */
export interface KnownCaller {
  /** What the phone system would show: `+493023125104`. */
  number: string;
  kind: 'contact' | 'customer';
  sysId: string;
  name: string;
  field: PhoneField;
  /** The number as it is stored. */
  raw: string;
  country: string;
  /** Name of the company. */
  customer: string;
  customerSysId: string;
  openCases: number;
}

export interface SharedNumber {
  number: string;
  callers: KnownCaller[];
}

/**
 * Read-only look at the company for demos and tests: whom to let call. Looks at whole companies, at most 20,000 contacts; edits are
 * not seen. Every list is in a fixed order, so that the same seed gives the same callers.
 */
export interface Lookups {
  /** Active, named contacts with a number that is nobody else's. `where` narrows them down. */
  uniqueContacts(where?: (caller: KnownCaller) => boolean): KnownCaller[];
  uniqueContact(where?: (caller: KnownCaller) => boolean): KnownCaller;
  /** A number that stands at exactly so many active contacts and is no company's main line. */
  sharedNumber(contacts: number): SharedNumber | null;
  /** Customers whose main line stands at no contact. */
  mainLines(): KnownCaller[];
  mainLine(): KnownCaller;
  /** A number of that country that nobody has. */
  unknownNumber(country?: string): string;
  /** A contact whose number is stored in a form that matches. */
  storedAs(pattern: RegExp, country?: string): KnownCaller | null;
  agents: {
    alice: { userName: string; email: string; sysId: string };
    bob: { userName: string; email: string; sysId: string };
  };
}

interface Index {
  callers: KnownCaller[];
  byNumber: Map<string, KnownCaller[]>;
  mainLines: Map<string, KnownCaller>;
}

const contactsAtMost = 20_000;
const phoneFields: PhoneField[] = ['phone', 'mobile_phone', 'home_phone'];

export function createLookups(company: Company): Lookups {
  let made: Index | null = null;
  const index = (): Index => (made ??= makeIndex(company));

  const isUnique = (caller: KnownCaller): boolean =>
    new Set(
      index()
        .byNumber.get(caller.number)
        ?.map((each) => each.sysId),
    ).size === 1 && !index().mainLines.has(caller.number);

  function uniqueContacts(where: (caller: KnownCaller) => boolean = () => true): KnownCaller[] {
    return index().callers.filter(
      (caller) => caller.name.includes(' ') && isUnique(caller) && where(caller),
    );
  }

  function mainLines(): KnownCaller[] {
    return [...index().mainLines.values()].filter(({ number }) => !index().byNumber.has(number));
  }

  const agent = (userName: string): { userName: string; email: string; sysId: string } => {
    const row = company.users.byUserName(userName);
    return { userName, email: company.users.value(row, 'email'), sysId: company.users.sysId(row) };
  };

  return {
    uniqueContacts,
    uniqueContact(where) {
      const [first] = uniqueContacts(where);
      if (!first)
        throw new Error(
          'No contact of the generated company is like that; take more contacts or another seed.',
        );
      return first;
    },
    sharedNumber(contacts) {
      for (const [number, all] of index().byNumber) {
        const callers = all.filter(
          (each, at) => all.findIndex((other) => other.sysId === each.sysId) === at,
        );
        if (
          callers.length === contacts &&
          !index().mainLines.has(number) &&
          callers.every(({ name }) => name !== '')
        )
          return { number, callers };
      }
      return null;
    },
    mainLines,
    mainLine() {
      const [first] = mainLines();
      if (!first)
        throw new Error('Every main line stands at some contact too; take more contacts.');
      return first;
    },
    unknownNumber(country = 'DE') {
      const account =
        Array.from({ length: company.layout.accounts }, (_, at) => at).find(
          (at) => company.layout.country(at).code === country,
        ) ?? 0;
      // the very last number that the country's pool has, unless there are more contacts than numbers
      return e164(
        mobile(company.layout.country(account), lastOrdinal(company.layout.country(account))),
      );
    },
    storedAs: (pattern, country) =>
      uniqueContacts(
        (caller) =>
          pattern.test(caller.raw) && (country === undefined || caller.country === country),
      )[0] ?? null,
    agents: { alice: agent('alice.agent'), bob: agent('bob.agent') },
  };
}

function lastOrdinal(country: Country): number {
  const size = country.mobile.reduce(
    (sum, { prefixes, digits }) => sum + prefixes.length * 10 ** digits,
    0,
  );
  return size - 1;
}

function makeIndex(company: Company): Index {
  const { layout, contacts, accounts } = company;
  const callers: KnownCaller[] = [];
  const byNumber = new Map<string, KnownCaller[]>();
  const mainLines = new Map<string, KnownCaller>();
  const openCases = countOpenCases(company);
  for (
    let account = 0;
    account < layout.accounts && layout.start(account) < contactsAtMost;
    account++
  ) {
    const customer = {
      customer: accounts.name(account),
      customerSysId: accounts.sysId(account),
      country: layout.country(account).code,
    };
    const line = accounts.mainLine(account);
    const stored = accounts.value(account, 'phone');
    const number = mainNumber(
      layout.country(account),
      layout.city(account),
      layout.firstLine(account),
    );
    if (stored !== '') {
      mainLines.set(number, {
        number,
        kind: 'customer',
        sysId: customer.customerSysId,
        name: customer.customer,
        field: 'phone',
        raw: line.raw,
        openCases: 0,
        ...customer,
      });
    }
    for (let place = layout.start(account); place < layout.start(account + 1); place++) {
      const contact = contacts.at(place);
      if (!contacts.active(contact)) continue;
      for (const field of phoneFields) {
        const typed = contacts.phone(contact, field);
        if (!typed.number) continue;
        const caller: KnownCaller = {
          number: e164(typed.number),
          kind: 'contact',
          sysId: contacts.sysId(contact),
          name: contacts.value(contact, 'name'),
          field,
          raw: typed.raw,
          openCases: openCases.get(contact) ?? 0,
          ...customer,
        };
        callers.push(caller);
        byNumber.set(caller.number, [...(byNumber.get(caller.number) ?? []), caller]);
      }
    }
  }
  return { callers, byNumber, mainLines };
}

function mainNumber(country: Country, city: City, ordinal: number): string {
  return e164(landline(country, city, ordinal));
}

function countOpenCases({ cases }: Company): Map<number, number> {
  const counts = new Map<number, number>();
  for (let index = 0; index < Math.min(cases.count, contactsAtMost); index++) {
    const contact = cases.open(index) ? cases.contact(index) : null;
    if (contact !== null) counts.set(contact, (counts.get(contact) ?? 0) + 1);
  }
  return counts;
}
