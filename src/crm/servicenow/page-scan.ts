import { HttpFailure } from '../../platform/http-failure.ts';
import { CrmError } from '../port.ts';
import { above, matches, withoutRanges } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { failure } from './failure.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import type { List, ListRequest } from './table-api.ts';

/** Where a scan stands: after a key, or at an offset for instances that do not obey keys. */
export type Position = { mode: 'keyset'; after: string } | { mode: 'offset'; offset: number };

export interface Scan {
  table: string;
  where: Condition[];
  fields: string[];
  display?: boolean;
  from: Position;
  pageSize: number;
  /** One page; throws CrmError. */
  list(request: ListRequest): Promise<List>;
  /** Rows that match, where the page itself did not say; null when unknown. */
  count(where: Condition[]): Promise<number | null>;
}

export interface ScanPage {
  /** Rows that really match what was asked, each with a sys_id. */
  rows: Row[];
  /** Resumes after this page. */
  position: Position;
}

const smallestPage = 25;
/** Good pages after which a page size that was halved is doubled again. */
const calm = 10;
/** Rows that are hidden cost no transfer, so stepping over them takes longer strides. */
const hiddenStride = 10;
/** Empty pages in a row after which a count is no longer believed. */
const maxEmptyPages = 200;

/**
 * All rows of a table that match. By keyset (`ORDERBYsys_id`, `sys_id>last`), which neither repeats nor misses rows while
 * others write. An instance may silently ignore the order or the key (query ACLs cover ranges and sorting), which shows
 * in the rows; then the scan goes on by offset, where a row may come twice. A page with fewer rows than asked, or none,
 * is not the end: access rules hide rows after the limit was applied.
 */
export async function* scanTable(scan: Scan): AsyncGenerator<ScanPage, void, void> {
  if (scan.from.mode === 'offset') return yield* byOffset(scan, scan.from.offset);
  try {
    yield* byKey(scan, scan.from.after);
  } catch (error) {
    if (!(error instanceof KeyIgnored)) throw error;
    yield* byOffset(scan, 0);
  }
}

/** The instance does not obey `ORDERBYsys_id` or `sys_id>`, or refuses them to this user. */
class KeyIgnored extends Error {}

async function* byKey(scan: Scan, from: string): AsyncGenerator<ScanPage, void, void> {
  const size = pageSize(scan.pageSize);
  let after = from;
  for (;;) {
    const where = beyond(scan, after);
    const page = await nextVisiblePage(scan, size, where).catch((error: unknown) => {
      throw isDenied(error) ? new KeyIgnored() : error;
    });
    if (page === null) return;
    const next = lastInOrder(page.rows, after);
    if (next === null || !(await inOrderByIntent(scan, where, page, next))) throw new KeyIgnored();
    after = next;
    yield {
      rows: page.rows.filter((row) => matchesAll(row, scan.where)),
      position: { mode: 'keyset', after },
    };
  }
}

const beyond = (scan: Scan, after: string): Condition[] =>
  after === '' ? scan.where : [...scan.where, above('sys_id', after)];

/** So many rows are not in order by chance. */
const telling = 10;

/**
 * A few rows may be in order by chance. Then the last key is anywhere, and more rows are gone behind it than the instance
 * looked at for this page.
 */
async function inOrderByIntent(
  scan: Scan,
  where: Condition[],
  page: VisiblePage,
  last: string,
): Promise<boolean> {
  if (page.rows.length >= telling) return true;
  const before = page.total ?? (await scan.count(where));
  const left = before === null ? null : await scan.count(beyond(scan, last));
  return before === null || left === null || before - left <= page.scanned;
}

interface VisiblePage {
  rows: Row[];
  total: number | null;
  /** Rows that the instance looked at, hidden ones included. */
  scanned: number;
}

/** The next page that has rows; steps over rows hidden from this user by offset. Null at the end. */
async function nextVisiblePage(
  scan: Scan,
  size: PageSize,
  where: Condition[],
): Promise<VisiblePage | null> {
  let skip = 0;
  let asked = false;
  for (let empty = 0; empty < maxEmptyPages;) {
    const request = { where, orderBy: ['sys_id'], offset: skip };
    const { rows, total, limit } = await fetchPage(scan, size, request, skip > 0);
    if (rows.length > 0) return { rows, total, scanned: skip + limit };
    const remaining = total ?? (await scan.count(where));
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

async function* byOffset(scan: Scan, from: number): AsyncGenerator<ScanPage, void, void> {
  const size = pageSize(scan.pageSize);
  let plan: Pick<ListRequest, 'where' | 'orderBy'> = { where: scan.where, orderBy: ['sys_id'] };
  let offset = from;
  let previous = '';
  let emptyPages = 0;
  for (;;) {
    let page: Awaited<ReturnType<typeof fetchPage>>;
    try {
      page = await fetchPage(scan, size, { ...plan, offset });
    } catch (error) {
      if (plan.orderBy === undefined || !isDenied(error)) throw error;
      // Sorting and ranges may be denied where the rest is not; every row is checked here anyway.
      plan = { where: withoutRanges(scan.where) };
      continue;
    }
    offset += page.limit;
    if (page.rows.length === 0) {
      emptyPages += 1;
      if (page.total === null || offset >= page.total || emptyPages > maxEmptyPages) return;
      continue;
    }
    emptyPages = 0;
    const signature = `${page.rows.length} ${rawValue(page.rows[0] ?? {}, 'sys_id')} ${rawValue(page.rows.at(-1) ?? {}, 'sys_id')}`;
    const farBeyond = page.total !== null && offset > 2 * page.total + 10 * page.limit;
    if (signature === previous || farBeyond) throw goesRound(scan.table);
    previous = signature;
    const rows = page.rows.filter(
      (row) => (rawValue(row, 'sys_id') ?? '') !== '' && matchesAll(row, scan.where),
    );
    yield { rows, position: { mode: 'offset', offset } };
  }
}

function goesRound(table: string): CrmError {
  return failure(
    'unsafe-query',
    `The instance sends the same records of ${table} again and again: it obeys neither a search nor an offset.`,
    {
      fix: 'Ask your ServiceNow administrator which query ACLs (System Security > Access Control (ACL), operations query_match and query_range) apply to this user.',
    },
  );
}

function matchesAll(row: Row, where: Condition[]): boolean {
  return where.every((condition) => matches(condition, (field) => rawValue(row, field)));
}

interface PageSize {
  now(): number;
  shrink(): boolean;
  good(): void;
}

/** Halves when the instance cannot manage a page in its time, and grows back when all is calm. */
function pageSize(full: number): PageSize {
  let current = full;
  let goodInARow = 0;
  return {
    now: () => current,
    shrink() {
      goodInARow = 0;
      if (current <= smallestPage) return false;
      current = Math.max(smallestPage, Math.floor(current / 2));
      return true;
    },
    good() {
      goodInARow += 1;
      if (goodInARow % calm === 0) current = Math.min(full, current * 2);
    },
  };
}

async function fetchPage(
  scan: Scan,
  size: PageSize,
  request: Pick<ListRequest, 'where' | 'orderBy' | 'offset'>,
  hidden = false,
): Promise<List & { limit: number }> {
  for (;;) {
    const limit = size.now() * (hidden ? hiddenStride : 1);
    try {
      const { fields, table, display } = scan;
      const list = await scan.list({
        table,
        fields,
        limit,
        ...request,
        ...(display ? { display } : {}),
      });
      size.good();
      return { ...list, limit };
    } catch (error) {
      if (!isTooMuch(error) || !size.shrink()) throw error;
    }
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof CrmError && error.code === 'no-access';
}

function isTooMuch(error: unknown): boolean {
  if (!(error instanceof CrmError)) return false;
  if (error.code === 'transaction-cancelled') return true;
  return error.cause instanceof HttpFailure && error.cause.kind === 'too-large';
}
