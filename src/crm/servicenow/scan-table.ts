import { byKey, KeyIgnored } from './key-scan.ts';
import { byOffset } from './offset-scan.ts';
import type { Scan, ScanPage } from './scan.ts';

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
