import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { callerNumber } from '../directory/phone-number.ts';
import { matchKey } from '../directory/renumbering.ts';
import { searchDirectory } from '../directory/search.ts';
import type { Database } from '../platform/database/database.ts';
import type { PartyFilter } from './call-list-store.ts';

const digitsAtLeast = 3;

/**
 * What somebody means who looks for a caller: a number in any notation or its beginning, else a name. Names are looked for in the
 * mirror, as on the Desk, and among the names as they stand in the history, of whom the CRM may know nothing any more.
 */
export async function partyFilter(
  db: Database,
  organizationId: string,
  typed: string,
  country: string,
): Promise<PartyFilter | null> {
  if (typed === '') return null;
  const number = numberFrom(typed, country);
  if (number !== null) return { numberFrom: number, keys: [], nameFrom: null };
  const { results } = await searchDirectory(db, organizationId, typed, [
    'contact',
    'consumer',
    'customer',
  ]);
  return {
    numberFrom: null,
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
  if (!/^[\s\d()+./-]+$/.test(typed)) return null;
  const { e164 } = callerNumber(typed, country);
  if (e164 !== null) return matchKey(e164);
  const digits = typed.replaceAll(/\D/g, '');
  if (digits !== '' && typed.startsWith('+')) return `+${digits}`;
  if (digits.length < digitsAtLeast) return null;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  const code = isSupportedCountry(country) ? getCountryCallingCode(country) : '';
  return `+${code}${digits.replace(/^0+/, '')}`;
}
