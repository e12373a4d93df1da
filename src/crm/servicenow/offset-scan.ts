import type { CrmError } from '../crm-error.ts';
import { withoutRanges } from './encoded-query.ts';
import { failure } from './failure.ts';
import { fetchPage, pageSize } from './page-size.ts';
import { rawValue } from './row.ts';
import { isDenied, matchesAll, maxEmptyPages } from './scan.ts';
import type { Scan, ScanPage } from './scan.ts';
import type { ListRequest } from './table-api.ts';

/** All rows from an offset on, for instances that do not obey keys. A row may come twice while others write. */
export async function* byOffset(scan: Scan, from: number): AsyncGenerator<ScanPage, void, void> {
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
