import { HttpFailure } from '../../platform/http-failure.ts';
import { CrmError } from '../crm-error.ts';
import type { Scan } from './scan.ts';
import type { List, ListRequest } from './table-api.ts';

const smallestPage = 25;
/** Good pages after which a page size that was halved is doubled again. */
const calm = 10;
/** Rows that are hidden cost no transfer, so stepping over them takes longer strides. */
const hiddenStride = 10;

export interface PageSize {
  now(): number;
  shrink(): boolean;
  good(): void;
}

/** Halves when the instance cannot manage a page in its time, and grows back when all is calm. */
export function pageSize(full: number): PageSize {
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

/** One page, of a size that the instance can manage; `limit` is what was asked for in the end. */
export async function fetchPage(
  scan: Scan,
  size: PageSize,
  request: Pick<ListRequest, 'where' | 'or' | 'orderBy' | 'descending' | 'offset'>,
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

function isTooMuch(error: unknown): boolean {
  if (!(error instanceof CrmError)) return false;
  if (error.code === 'transaction-cancelled') return true;
  return error.cause instanceof HttpFailure && error.cause.kind === 'too-large';
}
