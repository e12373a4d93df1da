import { above } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { fetchPage, pageSize } from './page-size.ts';
import type { PageSize } from './page-size.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import { isDenied, matchesAll, maxEmptyPages } from './scan.ts';
import type { Scan, ScanPage } from './scan.ts';
import type { ListRequest } from './table-api.ts';

/** The instance does not obey `ORDERBYsys_id` or `sys_id>`, or refuses them to this user. */
export class KeyIgnored extends Error {}

/** All rows behind a key, in the order of their keys. Throws KeyIgnored, before anything was lost. */
export async function* byKey(scan: Scan, from: string): AsyncGenerator<ScanPage, void, void> {
  const size = pageSize(scan.pageSize);
  let after = from;
  let sorted = false;
  for (;;) {
    const where = beyond(scan, after);
    const page = await nextVisiblePage(scan, size, { where, orderBy: ['sys_id'] }).catch(
      (error: unknown) => {
        throw isDenied(error) ? new KeyIgnored() : error;
      },
    );
    if (page === null) return;
    const last = lastInOrder(page.rows, after);
    if (last === null) throw new KeyIgnored();
    sorted ||= page.rows.length >= telling;
    if (!sorted && !(await wasAll(scan, where, page))) {
      sorted = await sortsBackwards(scan, size, where);
      if (!sorted) throw new KeyIgnored();
    }
    after = last;
    yield {
      rows: page.rows.filter((row) => matchesAll(row, scan.where)),
      position: { mode: 'keyset', after },
    };
  }
}

const beyond = (scan: Scan, after: string): Condition[] =>
  after === '' ? scan.where : [...scan.where, above('sys_id', after)];

/** So many rows are not in order by chance; of fewer it must be made sure before a key is trusted. */
const telling = 10;

/** The instance looked at every row that is left, so that their order does not matter. */
async function wasAll(scan: Scan, where: Condition[], page: VisiblePage): Promise<boolean> {
  const left = page.total ?? (await scan.count(where));
  return left !== null && left <= page.scanned;
}

/** Asked for the other direction, an instance that sorts sends falling keys; one that does not sends what it sent before. */
async function sortsBackwards(scan: Scan, size: PageSize, where: Condition[]): Promise<boolean> {
  const { rows } = await fetchPage(scan, size, { where, orderBy: ['sys_id'], descending: true });
  return rows.length > 1 && lastInOrder(rows.toReversed(), '') !== null;
}

export interface VisiblePage {
  rows: Row[];
  total: number | null;
  /** Rows that the instance looked at, hidden ones included. */
  scanned: number;
}

/** The next page that has rows; steps over rows hidden from this user by offset. Null at the end. */
export async function nextVisiblePage(
  scan: Scan,
  size: PageSize,
  search: Pick<ListRequest, 'where' | 'or' | 'orderBy'>,
): Promise<VisiblePage | null> {
  let skip = 0;
  let asked = false;
  for (let empty = 0; empty < maxEmptyPages;) {
    const request = { ...search, offset: skip };
    const { rows, total, limit } = await fetchPage(scan, size, request, skip > 0);
    if (rows.length > 0) return { rows, total, scanned: skip + limit };
    const remaining = total ?? (await scan.count(search.where, search.or));
    if (remaining === null || remaining <= skip) return null;
    // Once more before anything is stepped over: an empty page may also be a hiccup.
    if (!asked) asked = true;
    else {
      skip += limit;
      empty += 1;
      if (skip >= remaining) return null;
    }
  }
  return null;
}

/** The last key when all keys rise from `after`; null when they do not. */
function lastInOrder(rows: Row[], after: string): string | null {
  let last = after;
  for (const row of rows) {
    const id = rawValue(row, 'sys_id') ?? '';
    // Databases compare without regard to case.
    if (id === '' || id.toLowerCase() <= last.toLowerCase()) return null;
    last = id;
  }
  return last;
}
