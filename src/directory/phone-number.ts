import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cleanText } from '../platform/text.ts';
import { boundedCache } from './bounded-cache.ts';
import { isAnonymous, phoneTexts } from './phone-text.ts';
import type { PhoneText } from './phone-text.ts';
import { readDigits } from './read-digits.ts';
import type { DigitNumber } from './read-digits.ts';
import { renumbered } from './renumbering.ts';

/**
 * A caller's number as screens show it and as matching takes it (shape of desk/contract.ts
 * `callerNumber`).
 */
export interface CallerNumber {
  /** As received, made harmless and cut to 64 characters. */
  raw: string;
  /** Null when nobody can dial it: internal, hidden, unreadable. */
  e164: string | null;
  /** International notation, 'Anonymous', or the raw text. */
  display: string;
  /** ISO 3166 alpha-2, or null. */
  country: string | null;
  anonymous: boolean;
}

/** One number of a stored text. */
export interface StoredNumber {
  e164: string | null;
  extension: string;
}

const callers = boundedCache<CallerNumber>(10_000);

/**
 * Reads a caller's number in any notation; `country` (ISO 3166 alpha-2) decides what national forms
 * mean. Never throws; hostile text stays text. A number shorter than an outside number (an
 * extension, 110, 888) has no `e164`, so that it matches no one.
 *
 *     callerNumber('(030) 123-45', 'DE').e164   // '+493012345'
 */
export function callerNumber(raw: string, country: string): CallerNumber {
  return callers(raw, country, () => {
    const text = cleanText(raw, 64);
    const [first] = phoneTexts(raw);
    const phone = first === undefined ? null : readPhone(first, [country]);
    if (phone === null) {
      const anonymous = isAnonymous(raw);
      return {
        raw: text,
        e164: null,
        display: anonymous ? 'Anonymous' : text,
        country: null,
        anonymous,
      };
    }
    return {
      raw: text,
      e164: phone.number,
      display: parsePhoneNumberFromString(phone.number)?.formatInternational() ?? phone.number,
      country: phone.country,
      anonymous: false,
    };
  });
}

/**
 * The numbers that a CRM's field holds, in its order; none when it is empty or a filler such as
 * 'n/a'. A number that nobody can dial has `e164` null. National forms are read by the first of
 * `countries` (the record's own, the organization's) that makes sense. How many there are does not
 * depend on `countries`.
 */
export function storedNumbers(raw: string, countries: readonly string[]): StoredNumber[] {
  return phoneTexts(raw).map((text) => ({
    e164: readPhone(text, countries)?.number ?? null,
    extension: text.extension,
  }));
}

/** What was understood, in the form that is dialled today; null when no one can dial it. */
function readPhone(text: PhoneText, countries: readonly string[]): DigitNumber | null {
  for (const spelling of text.spellings) {
    const phone = spelling.startsWith('+')
      ? validPhone(spelling)
      : (validAtHome(spelling, text.national, countries) ?? validWithExitCode(spelling));
    if (phone !== null) return phone;
  }
  const byLetters = text.vanity === null ? null : validVanity(text.vanity, countries);
  if (byLetters !== null) return byLetters;
  const [spelling] = text.spellings;
  return spelling === undefined ? null : plausible(spelling, countries);
}

/**
 * Germany's and Austria's numbers have any length, so nearly every foreign number that lost its `+`
 * also reads as one of theirs (measured over all countries: 85 % in DE, 46 % in AT; 14 % at most
 * elsewhere).
 */
const anyLength = new Set(['DE', 'AT']);

function validAtHome(
  digits: string,
  national: boolean,
  countries: readonly string[],
): DigitNumber | null {
  for (const country of countries) {
    if (digits.length < shortestOutside(country)) continue;
    const home = validPhone(digits, country);
    // A telephone system may drop the '+', a spreadsheet the leading 0: '4930123456' and '30123456'
    // are both seen.
    const lostPlus = national || digits.length < 10 ? null : validPhone(`+${digits}`);
    if (lostPlus !== null && lostPlus.country === country && digits.length >= 11) return lostPlus;
    const loose = lostPlus !== null && anyLength.has(country) && home?.type === 'FIXED_LINE';
    if (home !== null && !loose) return home;
    if (lostPlus !== null) return lostPlus;
    // Ten digits are American in an American record, in a known range or not ('(555) 555-1234'),
    // whatever they mean elsewhere.
    const own = digits.startsWith('0') ? null : plausible(digits, [country]);
    if (own?.callingCode === '1') return own;
  }
  return null;
}

/**
 * 00 and 011 are understood in countries with another exit code too: '0049 30 …' in an American
 * address book.
 */
function validWithExitCode(digits: string): DigitNumber | null {
  const rest = /^(?:00|011)([1-9]\d{6,14})$/.exec(digits)?.[1];
  return rest === undefined ? null : validPhone(`+${rest}`);
}

const vanityTypes = new Set(['TOLL_FREE', 'SHARED_COST', 'PREMIUM_RATE', 'UAN', 'PERSONAL_NUMBER']);

function validVanity(digits: string, countries: readonly string[]): DigitNumber | null {
  for (const country of countries) {
    const phone = validPhone(digits, country);
    if (phone !== null && (phone.callingCode === '1' || vanityTypes.has(phone.type ?? '')))
      return phone;
  }
  return null;
}

/**
 * Right in length but in no known range: new ranges, invented numbers. They can only match the very
 * same number, so they are taken unless they look like a filler (1111111111, 123456789).
 */
function plausible(spelling: string, countries: readonly string[]): DigitNumber | null {
  for (const country of spelling.startsWith('+') ? [undefined] : countries) {
    if (country !== undefined && spelling.length < shortestOutside(country)) continue;
    const phone = parse(spelling, country);
    if (phone === null || phone.national.length < 7 || !phone.possible) continue;
    if (/^(\d)\1*$/.test(phone.national) || '01234567890'.includes(phone.national)) continue;
    return phone;
  }
  return null;
}

function validPhone(spelling: string, country?: string): DigitNumber | null {
  const phone = parse(spelling, country);
  return phone !== null && phone.type !== null ? phone : null;
}

function parse(spelling: string, country?: string): DigitNumber | null {
  if (spelling.length > 32) return null;
  const phone = readDigits(spelling, country);
  if (phone === null) return null;
  const today = renumbered(phone.number);
  return today === phone.number ? phone : (readDigits(today) ?? phone);
}

/**
 * Countries whose own numbers have fewer than seven digits, with how many; elsewhere fewer are an
 * extension or a short code.
 */
const shortNumbers: [digits: number, countries: string][] = [
  [4, 'NU'],
  [5, 'AC CK FK KI SB SH TK TO TV VU WS'],
  [6, 'AD FO GL LU NC NF PM SM SR WF'],
];
const shortest = new Map(
  shortNumbers.flatMap(([digits, countries]) =>
    countries.split(' ').map((country) => [country, digits]),
  ),
);

function shortestOutside(country: string): number {
  return shortest.get(country) ?? 7;
}
