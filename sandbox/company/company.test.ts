import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { createCompany } from './company.ts';
import { createLookups } from './lookups.ts';
import { e164, writeNumber } from './phone-writing.ts';
import { permutation } from './random.ts';

const now = new Date('2026-11-23T12:00:00Z');
const company = createCompany({ seed: 1, contacts: 5000, now });
const { contacts, accounts, cases, layout } = company;
const indexes = Array.from({ length: contacts.count }, (_, index) => index);

test('the same seed makes the same company, another seed another one', () => {
  const names = (seed: number) => {
    const { contacts: people } = createCompany({ seed, contacts: 50, now });
    return indexes.slice(0, 50).map((index) => people.value(index, 'email'));
  };
  expect(names(1)).toEqual(names(1));
  expect(names(2)).not.toEqual(names(1));
});

test('rows lie in the order of their sys_id and are found by it', () => {
  for (const rows of [contacts, accounts, cases, company.users, company.consumers]) {
    let before = '';
    for (let index = 0; index < rows.count; index++) {
      const id = rows.sysId(index);
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(id > before).toBe(true);
      expect(rows.indexOf(id)).toBe(index);
      before = id;
    }
    expect(rows.indexOf('f'.repeat(32))).toBe(-1);
    expect(rows.indexOf('rubbish')).toBe(-1);
  }
});

test.each([1, 2, 3, 100, 997, 5000])('a permutation of %i can be undone', (count) => {
  const { scatter, gather } = permutation(count, 12_345);
  const places = Array.from({ length: count }, (_, index) => scatter(index));
  expect(new Set(places).size).toBe(count);
  for (const [index, place] of places.entries()) expect(gather(place)).toBe(index);
});

describe('telephone numbers', () => {
  const typed = indexes.flatMap((index) =>
    (['phone', 'mobile_phone', 'home_phone'] as const).map((field) => ({
      ...contacts.phone(index, field),
      country: layout.country(contacts.account(index)).code,
    })),
  );
  const real = typed.filter(({ number }) => number !== null);

  test('however they are typed, they mean the number they were made from', () => {
    for (const { raw, number, country } of real) {
      expect(
        parsePhoneNumberFromString(raw, country as CountryCode)?.number,
        `${country} ${raw}`,
      ).toBe(e164(number!));
      expect(raw.length).toBeLessThanOrEqual(40);
    }
  });

  test('are possible, and valid but for the fiction mobiles of two countries', () => {
    const parsed = real.map(({ number }) => parsePhoneNumberFromString(e164(number!))!);
    expect(parsed.every((each) => each.isPossible())).toBe(true);
    const invalid = parsed.filter((each) => !each.isValid()).map((each) => each.number.slice(0, 6));
    for (const start of invalid) expect(start).toMatch(/^\+(44770|33639)/);
  });

  test('come in many forms, with extensions, junk and gaps', () => {
    const raws = typed.map(({ raw }) => raw);
    for (const pattern of [
      /^\+49 \(0\)/,
      /^00/,
      /^\(\d+\)/,
      /\//,
      /\d\.\d/,
      /ext/i,
      /^\d+$/,
      /-\d$/,
    ])
      expect(
        raws.some((raw) => pattern.test(raw)),
        String(pattern),
      ).toBe(true);
    const junk = typed.filter(({ raw, number }) => raw !== '' && number === null).length;
    expect(junk).toBeGreaterThan(10);
    expect(junk).toBeLessThan(typed.length / 50);
    expect(raws.filter((raw) => raw === '').length).toBeGreaterThan(1000);
  });

  test('placeholders', () => {
    const number = { callingCode: '1', trunk: '', area: '212', subscriber: '5550123' };
    expect(writeNumber(number, '+{cc} ({a}) {3-4}')).toBe('+1 (212) 555-0123');
    expect(writeNumber(number, '{t}{a}{h}-{d}')).toBe('212555012-3');
    expect(writeNumber(number, '{2 2}')).toBe('55 50123');
  });
});

test('people are believable: named but for a few, spread over countries, mostly active', () => {
  const nameless = indexes.filter(
    (index) =>
      contacts.value(index, 'first_name') === '' || contacts.value(index, 'last_name') === '',
  );
  expect(nameless.length).toBeGreaterThan(10);
  expect(nameless.length).toBeLessThan(150);
  expect(new Set(indexes.map((index) => contacts.value(index, 'country'))).size).toBeGreaterThan(
    10,
  );
  expect(indexes.filter((index) => !contacts.active(index)).length).toBeLessThan(400);
  for (const index of indexes.slice(0, 500))
    expect(contacts.value(index, 'email')).toMatch(/^[a-z0-9.-]+@[a-z0-9-]+\.example$/);
});

test('cases are open and closed, and ages fit', () => {
  const all = Array.from({ length: cases.count }, (_, index) => index);
  const open = all.filter((index) => cases.open(index));
  expect(open.length / all.length).toBeGreaterThan(0.2);
  expect(open.length / all.length).toBeLessThan(0.5);
  for (const index of all) {
    const [opened, ended, updated] = ['opened_at', 'closed_at', 'sys_updated_on'].map((field) =>
      cases.value(index, field),
    );
    expect(opened! <= updated! && updated! <= '2026-11-23 12:00:00').toBe(true);
    if (ended !== '') expect(ended! >= opened!).toBe(true);
    expect(cases.value(index, 'short_description')).not.toMatch(/[{}]/);
  }
});

test('many records share one second, as after an import', () => {
  const seconds = new Map<string, number>();
  for (const index of indexes) {
    const moment = contacts.value(index, 'sys_updated_on');
    seconds.set(moment, (seconds.get(moment) ?? 0) + 1);
  }
  expect(Math.max(...seconds.values())).toBeGreaterThan(100);
});

test('lookups name callers as they are stored', () => {
  const lookups = createLookups(company);
  const holders = (number: string) =>
    indexes.filter(
      (index) =>
        contacts.active(index) &&
        (['phone', 'mobile_phone', 'home_phone'] as const).some((field) => {
          const { number: parts } = contacts.phone(index, field);
          return parts !== null && e164(parts) === number;
        }),
    );
  const one = lookups.uniqueContact(({ openCases, country }) => openCases > 0 && country === 'DE');
  expect(holders(one.number).map((index) => contacts.sysId(index))).toEqual([one.sysId]);
  expect(contacts.value(contacts.indexOf(one.sysId), one.field)).toBe(one.raw);
  const openCases = Array.from({ length: cases.count }, (_, index) => index).filter(
    (index) => cases.open(index) && cases.value(index, 'contact') === one.sysId,
  );
  expect(one.openCases).toBe(openCases.length);
  const shared = lookups.sharedNumber(3)!;
  expect(holders(shared.number)).toHaveLength(3);
  const line = lookups.mainLine();
  expect(holders(line.number)).toHaveLength(0);
  expect(accounts.value(accounts.indexOf(line.sysId), 'phone')).toBe(line.raw);
  const unknown = lookups.unknownNumber('DE');
  expect(holders(unknown)).toHaveLength(0);
  expect(parsePhoneNumberFromString(unknown)?.isValid()).toBe(true);
  expect(lookups.storedAs(/^\(030\)/)?.number).toMatch(/^\+4930/);
});
