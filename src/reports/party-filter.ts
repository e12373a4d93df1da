import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { callerNumber } from '../directory/phone-number.ts';
import { matchKey } from '../directory/renumbering.ts';
import { searchDirectory } from '../directory/search.ts';
import type { Database } from '../platform/database/database.ts';
import type { PartyFilter } from './call-list-store.ts';

const digitsAtLeast = 3;
const numberText = /^[\s\d()+./-]+$/;

/**
 * What somebody means who looks for a caller: a number in any notation or its beginning, else a name. Names are looked for in the
 * mirror, as on the Desk, and among the names as they stand in the history, of whom the CRM may know nothing any more. Who may not see
 * numbers (`masked`) finds one only by typing all of it: its beginnings would tell it digit by digit.
 */
export async function partyFilter(
  db: Database,
  organizationId: string,
  typed: string,
  country: string,
  masked: boolean,
): Promise<PartyFilter | null> {
  if (typed === '') return null;
  const number = masked ? wholeNumber(typed, country) : numberFrom(typed, country);
  if (number !== null) {
    const by = masked ? { numberFrom: null, number } : { numberFrom: number, number: null };
    return { ...by, keys: [], nameFrom: null };
  }
  const { results } = await searchDirectory(db, organizationId, typed, [
    'contact',
    'consumer',
    'customer',
  ]);
  return {
    numberFrom: null,
    number: null,
    keys: results.map(({ key }) => key),
    nameFrom: typed.toLowerCase(),
  };
}

/**
 * The beginning of the numbers meant, as they are compared; null for what is no number.
 *
 *     numberFrom('030 12', 'DE')   // '+493012'
 */
export function numberFrom(typed: string, country: string): string | null {
  if (!numberText.test(typed)) return null;
  const { e164 } = callerNumber(typed, country);
  if (e164 !== null) return matchKey(e164);
  const digits = typed.replaceAll(/\D/g, '');
  if (digits !== '' && typed.startsWith('+')) return `+${digits}`;
  if (digits.length < digitsAtLeast) return null;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  const code = isSupportedCountry(country) ? getCountryCallingCode(country) : '';
  return `+${code}${digits.replace(/^0+/, '')}`;
}

/** The same for a number that was typed whole; '' for digits that are none, which no call has. */
export function wholeNumber(typed: string, country: string): string | null {
  if (!numberText.test(typed)) return null;
  const { e164 } = callerNumber(typed, country);
  return e164 === null ? '' : matchKey(e164);
}
