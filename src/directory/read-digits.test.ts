import fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { readDigits } from './read-digits.ts';

function byLibrary(spelling: string, country?: CountryCode) {
  const phone = parsePhoneNumberFromString(spelling, country);
  if (phone === undefined) return null;
  return {
    number: phone.number,
    callingCode: phone.countryCallingCode,
    national: phone.nationalNumber,
    country: phone.country ?? null,
    type: phone.getType() ?? null,
    possible: phone.isPossible(),
    valid: phone.isValid(),
  };
}

function byOurselves(spelling: string, country?: CountryCode) {
  const phone = readDigits(spelling, country);
  return phone === null ? null : { ...phone, valid: phone.type !== null };
}

const countries = getCountries();
const codes = [
  ...new Set(countries.map((country) => getCountryCallingCode(country))),
  '800',
  '870',
  '883',
  '979',
  '999',
];
const digits = (min: number, max: number) =>
  fc.array(fc.nat(9), { minLength: min, maxLength: max }).map((all) => all.join(''));
const prefixes = ['', '', '', '0', '00', '011', '1', '8', '810', '0011'];

test('every spelling is read as libphonenumber reads it', () => {
  const national = fc
    .tuple(fc.constantFrom(...countries), fc.constantFrom(...prefixes), digits(1, 14))
    .map(([country, prefix, rest]) => [prefix + rest, country] as const);
  const withCode = fc
    .tuple(
      fc.constantFrom(...codes),
      fc.constantFrom('+', '', '00', '011'),
      fc.constantFrom('', '', '0', '1'),
      digits(1, 13),
      fc.constantFrom(undefined, ...countries),
    )
    .map(([code, before, prefix, rest, country]) => {
      return [before + code + prefix + rest, country] as const;
    });
  fc.assert(
    fc.property(fc.oneof(national, withCode), ([spelling, country]) => {
      expect(byOurselves(spelling, country)).toEqual(byLibrary(spelling, country));
    }),
    { numRuns: 5_000 },
  );
});
