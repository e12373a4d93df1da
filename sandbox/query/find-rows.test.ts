import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { companyRows } from '../company/company-rows.ts';
import { createCompany } from '../company/company.ts';
import { createDatabase, type Database } from '../tables/database.ts';
import type { QueryContext } from './compile-query.ts';
import { findRows } from './find-rows.ts';
import { parseQuery } from './parse-query.ts';

const now = new Date('2026-11-23T12:00:00Z');
const company = createCompany({ seed: 5, contacts: 120, now });
let database: Database;
let context: QueryContext;

beforeEach(() => {
  database = createDatabase(companyRows(company));
  context = { database, now, userId: 'me', installed: () => true, refuse: () => null };
});

function find(
  table: string,
  query: string,
  offset = 0,
  limit = 10_000,
): { ids: string[]; total: number } {
  const found = findRows(database.store(table).table, parseQuery(query), context);
  return {
    ids: found.page(offset, limit).map(({ store, row }) => store.value(row, 'sys_id')),
    total: found.total(),
  };
}

function all(table: string): { id: string; get(field: string): string }[] {
  return database.stores(table).flatMap((store) => {
    const rows = [
      ...Array.from({ length: store.generated.count }, (_, row) => row).filter(
        (row) => !store.touched.has(row),
      ),
      ...store.edited(),
    ];
    return rows.map((row) => ({
      id: store.value(row, 'sys_id'),
      get: (field: string) => store.value(row, field),
    }));
  });
}

test('a table holds the records of those that extend it', () => {
  expect(find('sys_user', '').total).toBe(company.users.count + company.contacts.count);
  expect(find('sys_user', 'sys_class_name=sys_user').total).toBe(company.users.count);
  expect(find('task', '').total).toBe(company.cases.count + company.incidents.count);
});

test('texts compare without regard to case, empty values are unequal to everything and in no range', () => {
  const contacts = all('customer_contact');
  const someone = contacts.find(({ get }) => get('phone') !== '' && get('name').includes(' '))!;
  expect(find('customer_contact', `name=${someone.get('name').toUpperCase()}`).ids).toContain(
    someone.id,
  );
  const noPhone = contacts.filter(({ get }) => get('phone') === '').length;
  expect(find('customer_contact', 'phoneISEMPTY').total).toBe(noPhone);
  expect(find('customer_contact', 'phone!=x').total).toBe(contacts.length);
  expect(find('customer_contact', 'phone>=').total + find('customer_contact', 'phone<').total).toBe(
    contacts.length - noPhone,
  );
});

test('text operators on a reference look at what is shown, = at the sys_id', () => {
  const account = company.accounts.name(0);
  const people = all('customer_contact').filter(
    ({ get }) => get('account') === company.accounts.sysId(0),
  );
  expect(find('customer_contact', `account=${company.accounts.sysId(0)}`).total).toBe(
    people.length,
  );
  expect(find('customer_contact', `accountSTARTSWITH${account}`).total).toBeGreaterThanOrEqual(
    people.length,
  );
  expect(find('customer_contact', `account=${account}`).total).toBe(0);
});

test('dot-walking, related lists and joins', () => {
  const country = company.accounts.value(0, 'country');
  const expected = all('customer_contact').filter(
    ({ get }) =>
      all('customer_account')
        .find(({ id }) => id === get('account'))
        ?.get('country') === country,
  );
  expect(find('customer_contact', `account.country=${country}`).total).toBe(expected.length);
  expect(
    find(
      'customer_contact',
      `JOINcustomer_contact.account=customer_account.sys_id!country=${country}`,
    ).total,
  ).toBe(expected.length);
  const open = all('sn_customerservice_case').filter(({ get }) => get('state') === '10');
  const busy = all('customer_contact').filter(
    ({ id }) => open.filter(({ get }) => get('contact') === id).length >= 2,
  );
  expect(
    find('customer_contact', 'RLQUERYsn_customerservice_case.contact,>=2^state=10^ENDRLQUERY')
      .total,
  ).toBe(busy.length);
});

test('scripts in values', () => {
  database.store('sys_user').insert({ sys_id: 'me', user_name: 'me', sys_class_name: 'sys_user' });
  expect(find('sys_user', 'sys_id=javascript:gs.getUserID()').ids).toEqual(['me']);
  const cases = all('sn_customerservice_case').filter(
    ({ get }) => get('opened_at') >= '2026-11-16 00:00:00',
  );
  expect(find('sn_customerservice_case', 'opened_at>=javascript:gs.daysAgoStart(7)').total).toBe(
    cases.length,
  );
  expect(
    find('sn_customerservice_case', 'opened_atRELATIVEGT@dayofweek@ago@7').total,
  ).toBeLessThanOrEqual(cases.length);
});

test('conditions on fields that do not exist are dropped and named', () => {
  const found = findRows(
    database.store('customer_contact').table,
    parseQuery('nonsense=1^ORDERBYrubbish'),
    context,
  );
  expect(found.total()).toBe(company.contacts.count);
  expect(found.problems.map(({ field }) => field)).toEqual(['nonsense', 'rubbish']);
});

/** Pages through a query by the keys of the last row, as clients do. */
function pull(
  next: (last: { id: string; updated: string } | null) => string,
  table = 'customer_contact',
): string[] {
  const ids: string[] = [];
  for (let last: { id: string; updated: string } | null = null; ;) {
    const page: string[] = find(table, next(last), 0, 7).ids;
    if (page.length === 0) return ids;
    ids.push(...page);
    if (ids.length > 10_000) throw new Error('The pages come round again.');
    const ref = database.find(table, page.at(-1) ?? '')!;
    last = { id: page.at(-1)!, updated: ref.store.value(ref.row, 'sys_updated_on') };
  }
}

type Edit = { kind: 'insert' | 'change' | 'remove'; lot: number; second: number };
const edits = fc.array(
  fc.record<Edit>({
    kind: fc.constantFrom('insert', 'change', 'remove'),
    lot: fc.nat(),
    second: fc.nat(3),
  }),
  { maxLength: 25 },
);

function apply({ kind, lot, second }: Edit): void {
  const store = database.store('customer_contact');
  const present = all('customer_contact');
  const moment = `2026-11-23 11:00:0${second}`;
  if (kind === 'insert')
    store.insert({
      sys_id: (lot % 0xffffff).toString(16).padStart(32, '0'),
      name: `New ${lot}`,
      active: 'true',
      sys_updated_on: moment,
      sys_class_name: 'customer_contact',
    });
  else {
    const row = store.find(present[lot % present.length]!.id);
    if (kind === 'remove') store.remove(row);
    else
      store.change(row, {
        sys_updated_on: moment,
        active: lot % 2 === 0 ? 'true' : 'false',
        name: `Changed ${lot}`,
      });
  }
}

test('whatever was edited, counts, sorting and keyset pages agree with going through every row', () => {
  fc.assert(
    fc.property(edits, (list) => {
      database = createDatabase(companyRows(company));
      context = { ...context, database };
      for (const edit of list) apply(edit);
      const rows = all('customer_contact');
      const byId = rows.map(({ id }) => id).toSorted();
      expect(pull((last) => `${last ? `sys_id>${last.id}^` : ''}ORDERBYsys_id`)).toEqual(byId);
      expect(find('customer_contact', '').total).toBe(rows.length);

      const active = rows.filter(({ get }) => get('active') === 'true');
      expect(find('customer_contact', 'active=true^ORDERBYDESCsys_id').ids).toEqual(
        active
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );
      expect(find('customer_contact', 'active=true').total).toBe(active.length);

      const since = '2026-11-01 00:00:00';
      const key = ({ id, get }: { id: string; get(field: string): string }): string =>
        get('sys_updated_on') + id;
      const changed = rows
        .filter(({ get }) => get('sys_updated_on') >= since)
        .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
        .map(({ id }) => id);
      const compound = pull((last) =>
        last === null
          ? `sys_updated_on>=${since}^ORDERBYsys_updated_on^ORDERBYsys_id`
          : `sys_updated_on>=${since}^sys_updated_on>${last.updated}^NQsys_updated_on>=${since}^sys_updated_on=${last.updated}^sys_id>${last.id}^ORDERBYsys_updated_on^ORDERBYsys_id`,
      );
      expect(compound).toEqual(changed);
      expect(find('customer_contact', `sys_updated_on>=${since}`).total).toBe(changed.length);

      const either = rows.filter(
        ({ get }) =>
          (get('sys_updated_on') >= '2026-11-20' && get('active') === 'true') ||
          (get('sys_updated_on') >= '2025-01-01' && get('active') === 'false'),
      );
      expect(
        find(
          'customer_contact',
          'sys_updated_on>=2026-11-20^active=true^NQsys_updated_on>=2025-01-01^active=false^ORDERBYsys_updated_on',
        ).ids.toSorted(),
      ).toEqual(either.map(({ id }) => id).toSorted());

      const byName = find('customer_contact', 'ORDERBYname').ids.map((id) =>
        rows
          .find((row) => row.id === id)!
          .get('name')
          .toLowerCase(),
      );
      expect(byName).toEqual(byName.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      const everybody = all('sys_user')
        .map(({ id }) => id)
        .toSorted();
      expect([...find('sys_user', '', 0, 31).ids, ...find('sys_user', '', 31, 500).ids]).toEqual(
        everybody,
      );
    }),
    { numRuns: 60 },
  );
});

test('exact values are looked up in large tables, whatever else is asked', () => {
  const large = createCompany({ seed: 6, contacts: 25_000, now });
  database = createDatabase(companyRows(large));
  context = { ...context, database };
  const { contacts } = large;
  const all = Array.from({ length: contacts.count }, (_, row) => row);
  const raw = contacts.value(
    all.find((row) => contacts.value(row, 'phone') !== '' && contacts.active(row))!,
    'phone',
  );
  const holders = all.filter((row) =>
    ['phone', 'mobile_phone'].some((field) => contacts.value(row, field) === raw),
  );
  const query = `phoneIN${raw},nothing^ORmobile_phone=${raw}`;
  expect(find('customer_contact', query).ids).toEqual(holders.map((row) => contacts.sysId(row)));
  expect(find('customer_contact', `${query}^active=false`).total).toBe(
    holders.filter((row) => !contacts.active(row)).length,
  );

  const store = database.store('customer_contact');
  store.change(holders[0]!, { phone: 'changed', mobile_phone: '' });
  store.change(
    all.find((row) => !holders.includes(row))!,
    { phone: raw },
  );
  expect(find('customer_contact', query).total).toBe(holders.length);
  expect(find('customer_contact', 'phone=changed').ids).toEqual([contacts.sysId(holders[0]!)]);
  const some = [3, 24_000].map((row) => contacts.sysId(row));
  expect(find('sys_user', `sys_idIN${some.join()},${'0'.repeat(32)}`).ids).toEqual(some);
});
