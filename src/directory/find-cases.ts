import type { Database } from '../platform/database/database.ts';
import { casesByNumber, someCaseNumber } from './search-store.ts';
import type { FoundRow } from './search-store.ts';

/**
 * Cases by their number or its beginning, also without the letters and zeros in front: `CS0001234`, `cs 1234`, `1234`, `case 1234`.
 * Never by a mistyped one: with the numbers in a row each neighbour is somebody else's case.
 */
export async function findCases(
  db: Database,
  organizationId: string,
  text: string,
  limit: number,
): Promise<FoundRow[]> {
  const typed = text
    .toUpperCase()
    .replace(/^CASE\b/, '')
    .replaceAll(/[\s#-]/g, '');
  const parts = /^([A-Z]{0,8})(\d{1,15})$/.exec(typed);
  if (parts === null) return [];
  const [, letters = '', digits = ''] = parts;
  const sample = /^([A-Z]*)(\d+)$/.exec((await someCaseNumber(db, organizationId)) ?? '');
  const beginnings = new Set(letters === '' ? [] : [typed]);
  if (sample !== null && (letters === '' || letters === sample[1])) {
    beginnings.add(sample[1]! + digits.padStart(sample[2]!.length, '0'));
    beginnings.add(sample[1]! + digits);
  }
  if (beginnings.size === 0) beginnings.add(typed);
  const rows = await casesByNumber(db, organizationId, [...beginnings], limit);
  return [...new Map(rows.map((row) => [`${row.connection_id} ${row.id}`, row])).values()];
}
