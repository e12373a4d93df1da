import type { MirrorRow } from './mirror-row.ts';
import { storedNumbers } from './phone-number.ts';
import { matchKey } from './renumbering.ts';

/** A row of the index of numbers, beside its owner. */
export interface NumberRow {
  ownerId: string;
  ordinal: number;
  part: number;
  field: string;
  label: string;
  raw: string;
  country: string;
  e164: string | null;
  extension: string;
}

/** What is indexed of a record's telephone fields; `home` is the organization's country. */
export function numberRows(row: MirrorRow, home: string): NumberRow[] {
  const { id: ownerId, country } = row;
  const rows: NumberRow[] = [];
  for (const [ordinal, { field, label, raw }] of row.phones.entries())
    for (const [part, { e164, extension }] of readNumbers(raw, country, home).entries())
      rows.push({ ownerId, ordinal, part, field, label, raw, country, e164, extension });
  return rows;
}

/**
 * The numbers of a field in the form that is compared; the record's own country goes before the
 * organization's.
 */
export function readNumbers(
  raw: string,
  country: string,
  home: string,
): { e164: string | null; extension: string }[] {
  const countries = country === '' || country === home ? [home] : [country, home];
  const numbers = storedNumbers(raw, countries);
  for (const number of numbers) if (number.e164 !== null) number.e164 = matchKey(number.e164);
  return numbers;
}
