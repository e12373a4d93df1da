import fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { callerNumber, storedNumbers } from './phone-number.ts';

/** Valid numbers of all countries: digits thrown until they are one. */
const countries = getCountries();
const validNumber: fc.Arbitrary<PhoneNumber> = fc
  .tuple(fc.constantFrom(...countries), fc.array(fc.nat(9), { minLength: 8, maxLength: 11 }))
  .map(([country, digits]) =>
    parsePhoneNumberFromString(`+${getCountryCallingCode(country)}${digits.join('')}`),
  )
  .filter(
    (phone): phone is PhoneNumber => phone?.isValid() === true && phone.country !== undefined,
  );

/** Ways to write an international number that no country reads otherwise. */
const international: ((phone: PhoneNumber) => string)[] = [
  (phone) => phone.number,
  (phone) => phone.formatInternational(),
  (phone) => phone.formatInternational().replaceAll(' ', '\u00a0'),
  (phone) => phone.formatInternational().replaceAll(/[ -]/g, '.'),
  (phone) => phone.formatInternational().replaceAll(' ', '/'),
  (phone) => phone.formatInternational().replaceAll(' ', ' – '),
  (phone) => phone.formatInternational().replace('+', '(+').replace(' ', ') '),
  (phone) => phone.getURI(),
  (phone) => `sip:${phone.number}@pbx.example.com;user=phone`,
  (phone) => `"Ada Berg" <sip:${phone.number.replace('+', '%2B')}@192.0.2.7:5060>`,
  (phone) => `Tel.: ${phone.formatInternational()}`,
  (phone) => `  ${phone.formatInternational()} (mobile)`,
  (phone) => `${phone.formatInternational()} ext. 123`,
  (phone) => phone.number.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (phone) => phone.number.replace(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
];

describe('any valid number, however it is written', () => {
  test('internationally, anywhere', () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.constantFrom(...international),
        fc.constantFrom(...countries),
        (phone, write, home) => {
          expect(callerNumber(write(phone), home).e164).toBe(callerNumber(phone.number, home).e164);
          expect(callerNumber(phone.number, home).e164).not.toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('with 00 where that is the exit code', () => {
    const exits00 = ['DE', 'FR', 'GB', 'CH', 'NL', 'IN', 'ZA', 'MX'];
    fc.assert(
      fc.property(validNumber, fc.constantFrom(...exits00), (phone, home) => {
        const written = `00 ${phone.formatInternational().slice(1)}`;
        expect(callerNumber(written, home).e164).toBe(callerNumber(phone.number, home).e164);
      }),
      { numRuns: 1_000 },
    );
  });

  test('nationally, at home', () => {
    fc.assert(
      fc.property(validNumber, (phone) => {
        // Numbers of a few countries are too short to tell them from an extension (see
        // shortNumbers).
        fc.pre(phone.nationalNumber.length >= 7);
        const written = phone.formatNational();
        expect(`${written}: ${callerNumber(written, phone.country ?? '').e164}`).toBe(
          `${written}: ${callerNumber(phone.number, '').e164}`,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('two of them in one field are two', () => {
    fc.assert(
      fc.property(
        validNumber,
        validNumber,
        fc.constantFrom('; ', ' / ', ', ', ' or ', '\n', ' '),
        (a, b, between) => {
          fc.pre(a.nationalNumber.length >= 7 && b.nationalNumber.length >= 7);
          const written = `${a.formatInternational()}${between}${b.formatInternational()}`;
          expect(storedNumbers(written, ['DE']).map((number) => number.e164)).toEqual([
            callerNumber(a.number, 'DE').e164,
            callerNumber(b.number, 'DE').e164,
          ]);
        },
      ),
    );
  });
});

describe('any text at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom(...Array.from('+0123456789() -/.;,:x#*@<>^=%&')),
      maxLength: 300,
    }),
    fc.string({
      unit: fc.constantFrom('(', '0', ')', '+', ' ', '1', '\u0660', '\uff0b', '/', 'ext', '#', ';'),
      maxLength: 20_000,
    }),
  );

  test('is answered with E.164 or nothing, and harmless words', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('DE', 'US', 'BR', '', 'ZZ', '__proto__'), (raw, home) => {
        const caller = callerNumber(raw, home);
        expect(caller.e164 ?? '+10000000').toMatch(/^\+[1-9]\d{6,14}$/);
        expect(caller.raw.length).toBeLessThanOrEqual(64);
        expect(caller.raw).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        expect(caller.raw.isWellFormed()).toBe(true);
        if (caller.e164 !== null) expect(callerNumber(caller.e164, home).e164).toBe(caller.e164);
        for (const number of storedNumbers(raw, [home, 'DE'])) {
          expect(number.e164 ?? '+10000000').toMatch(/^\+[1-9]\d{6,14}$/);
          expect(number.extension).toMatch(/^\d{0,7}$/);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
