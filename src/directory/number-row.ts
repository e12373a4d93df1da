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
  return row.phones.flatMap(({ field, label, raw }, ordinal) =>
    readNumbers(raw, row.country, home).map((number, part) => ({
      ownerId: row.id,
      ordinal,
      part,
      field,
      label,
      raw,
      country: row.country,
      ...number,
    })),
  );
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
  return storedNumbers(raw, countries).map(({ e164, extension }) => ({
    e164: e164 === null ? null : matchKey(e164),
    extension,
  }));
}
