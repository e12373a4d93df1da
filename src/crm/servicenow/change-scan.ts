import type { CrmError } from '../crm-error.ts';
import { above, atLeast, equals } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { failure } from './failure.ts';
import { nextVisiblePage } from './key-scan.ts';
import type { VisiblePage } from './key-scan.ts';
import { pageSize } from './page-size.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import { isDenied, matchesAll } from './scan.ts';
import type { Scan } from './scan.ts';

/** A place in the order of changes: everything at `at` with a greater sys_id than `after`, and everything later. */
export interface Moment {
  /** UTC, `YYYY-MM-DD HH:mm:ss`. */
  at: string;
  /** '' for everything at that second. */
  after: string;
}

export interface ChangePage {
  rows: Row[];
  /** Resumes after this page. */
  next: Moment;
}

/** `stamp` is the field with the time that the scan goes by. */
export type ChangeScan = Omit<Scan, 'from'> & { stamp: 'sys_updated_on' | 'sys_created_on' };

/**
 * All rows stamped at or after a moment, in the order of stamp and sys_id: the stamp alone counts whole seconds and many
 * rows share one. Every row is checked against the search, so that an instance that dropped a part of it is noticed.
 * Throws CrmError, `unsafe-query` when the instance does not obey or refuses the search.
 */
export async function* byChange(
  scan: ChangeScan,
  from: Moment,
): AsyncGenerator<ChangePage, void, void> {
  const size = pageSize(scan.pageSize);
  let place = from;
  for (;;) {
    const page = await nextPage(scan, size, place);
    if (page === null) return;
    const all = page.total !== null && page.total <= page.scanned;
    const rows = inOrder(scan, page.rows, place, all);
    const last = rows.at(-1);
    if (rows.length === 0 || last === undefined) throw disobeyed(scan);
    place = { at: stampOf(scan, last), after: rawValue(last, 'sys_id') ?? '' };
    yield { rows: rows.filter((row) => matchesAll(row, scan.where)), next: place };
    if (all) return;
  }
}

async function nextPage(
  scan: ChangeScan,
  size: ReturnType<typeof pageSize>,
  place: Moment,
): Promise<VisiblePage | null> {
  const search = { ...filters(scan, place), orderBy: [scan.stamp, 'sys_id'] };
  try {
    return await nextVisiblePage({ ...scan, from: { mode: 'keyset', after: '' } }, size, search);
  } catch (error) {
    if (!isDenied(error)) throw error;
    // Is the table closed, or only the search by time? Throws the same again when it is the table.
    await scan.list({ table: scan.table, where: [], fields: ['sys_id'], limit: 1 });
    throw disobeyed(scan, error);
  }
}

function filters(scan: ChangeScan, { at, after }: Moment) {
  if (after === '') return { where: [...scan.where, atLeast(scan.stamp, at)] };
  const rest: Condition[] = [...scan.where, equals(scan.stamp, at), above('sys_id', after)];
  return { where: [...scan.where, above(scan.stamp, at)], or: [rest] };
}

/** The rows when they come as they were asked for; none when they do not. A page that is all there is needs no order. */
function inOrder(scan: ChangeScan, rows: Row[], place: Moment, all: boolean): Row[] {
  const keyed = rows.map((row) => ({ row, key: keyOf(scan, row) }));
  const sorted = all ? keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : keyed;
  let last = place.after === '' ? place.at : `${place.at} ${place.after.toLowerCase()}`;
  for (const { row, key } of sorted) {
    if (stampOf(scan, row) === '' || key <= last) return [];
    last = key;
  }
  return sorted.map(({ row }) => row);
}

const stampOf = (scan: ChangeScan, row: Row): string => rawValue(row, scan.stamp) ?? '';
/** Times of this form sort as text. Databases compare ids without regard to case. */
const keyOf = (scan: ChangeScan, row: Row): string =>
  `${stampOf(scan, row)} ${(rawValue(row, 'sys_id') ?? '').toLowerCase()}`;

function disobeyed(scan: ChangeScan, cause?: unknown): CrmError {
  return failure(
    'unsafe-query',
    `The instance does not obey a search for what changed in ${scan.table} since a moment: it ${cause === undefined ? 'ignores a part of it' : 'refuses it'}.`,
    {
      fix: `In ServiceNow System Security > Access Control (ACL) let the user's role pass the rules with operation query_range on ${scan.table}.${scan.stamp} and ${scan.table}.sys_id. Until then changes are found by comparing all records.`,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
