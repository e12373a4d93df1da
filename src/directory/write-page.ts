import { setImmediate } from 'node:timers/promises';
import type { RecordPage } from '../crm/port.ts';
import type { RecordKind, RecordType } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { mirrorRow } from './mirror-row.ts';
import type { MirrorRow } from './mirror-row.ts';
import { numberRows } from './number-row.ts';
import type { NumberRow } from './number-row.ts';
import { recordSeen } from './pull-store.ts';
import { differingRecords, replaceNumbers, writeRecords } from './record-store.ts';
import type { Place, StoredRow } from './record-store.ts';

/** The records of a page by type and id. */
export type PageRows = Map<RecordType, Map<string, MirrorRow>>;

/**
 * Writes what is new or different on a page and answers how many records that were. `home` is the
 * organization's country; `page` numbers it among those that were seen, null notes nothing.
 */
export async function writePage(
  db: Database,
  place: Place,
  page: { kind: RecordKind; page: number | null; types: PageRows; home: string },
): Promise<number> {
  let written = 0;
  for (const [type, rows] of page.types) {
    if (page.page !== null)
      await recordSeen(db, place, {
        kind: page.kind,
        page: page.page,
        type,
        ids: [...rows.keys()],
      });
    written += await writeRows(db, place, type, [...rows.values()], async (different) => {
      const numbers: NumberRow[] = [];
      await inSlices(different, (row) => numbers.push(...numberRows(row, page.home)));
      return numbers;
    });
  }
  return written;
}

/** Writes those of the rows, all of one type, that are new or different, and their numbers; answers how many they were. */
export async function writeRows<R extends StoredRow>(
  db: Database,
  place: Place,
  type: RecordType,
  rows: R[],
  numbersOf: (different: R[]) => Promise<NumberRow[]>,
): Promise<number> {
  const differing = await differingRecords(db, place, type, rows);
  const different = rows.filter((row) => differing.has(row.id));
  // The numbers are read while the database is busy with the records.
  const [numbers] = await Promise.all([
    numbersOf(different),
    writeRecords(db, place, type, different),
  ]);
  const known = different.filter((row) => differing.get(row.id)?.known).map((row) => row.id);
  await replaceNumbers(db, place, type, known, numbers);
  return different.length;
}

/** How far a page brings a pull. */
export interface PageProgress {
  /** Records on the page, as they came. */
  count: number;
  total: number | null;
  cursor: string;
}

/** A page of records, ready to be written. */
export interface PreparedPage extends PageProgress {
  types: PageRows;
}

/** Makes rows of a page's records: one that comes twice is one, the later wins. */
export async function preparePage(page: RecordPage): Promise<PreparedPage> {
  const types: PageRows = new Map();
  await inSlices(page.records, (record) => {
    const row = mirrorRow(record);
    if (row === null) return;
    let ofType = types.get(record.type);
    if (ofType === undefined) types.set(record.type, (ofType = new Map()));
    ofType.set(row.id, row);
  });
  return { count: page.records.length, total: page.total, cursor: page.cursor, types };
}

const sliceSize = 100;

/**
 * Long work in slices of a few milliseconds, so that a call that rings meanwhile does not wait for
 * a page.
 */
export async function inSlices<T>(items: T[], work: (item: T) => void): Promise<void> {
  for (let start = 0; start < items.length; start += sliceSize) {
    if (start > 0) await setImmediate();
    const end = Math.min(start + sliceSize, items.length);
    for (let index = start; index < end; index += 1) work(items[index] as T);
  }
}
