import { CrmError } from '../crm-error.ts';
import { matches } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
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
  count(where: Condition[], or?: readonly Condition[][]): Promise<number | null>;
}

export interface ScanPage {
  /** Rows that really match what was asked, each with a sys_id. */
  rows: Row[];
  /** Resumes after this page. */
  position: Position;
}

/** Empty pages in a row after which a count is no longer believed. */
export const maxEmptyPages = 200;

export function matchesAll(row: Row, where: Condition[]): boolean {
  return where.every((condition) => matches(condition, (field) => rawValue(row, field)));
}

export function isDenied(error: unknown): boolean {
  return error instanceof CrmError && error.code === 'no-access';
}
