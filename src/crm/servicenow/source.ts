import type { CrmRecord, RecordKind, RecordType } from '../record.ts';
import { atLeast, differs, equals } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { readCase, readConsumer, readContact, readCustomer, readUser } from './record.ts';
import { queryTime } from './row.ts';
import type { Row } from './row.ts';
import { csmConsumer, customerAccount, customerCase, customerContact, sysUser } from './tables.ts';
import type { Table } from './tables.ts';

/** One search of one table that a kind of record comes from. */
export interface Source {
  table: Table;
  where: Condition[];
  type: RecordType;
  read(row: Row): CrmRecord;
  pageSize: number;
  display?: boolean;
  /** Left out when the instance lacks it or the user may not read it (the check reports that). */
  optional?: boolean;
}

/** Closed cases changed in so many days count as recent unless the pull says otherwise. */
const usualCaseDays = 90;
const day = 86_400_000;

const caseSource = {
  table: customerCase,
  type: 'case',
  read: readCase,
  pageSize: 500,
  display: true,
} as const;

/**
 * The searches behind a kind, in the order in which they are made. Closed cases are recent when they were changed in the
 * `caseDays` before `now`.
 */
export function sourcesOf(kind: RecordKind, now: Date, caseDays = usualCaseDays): Source[] {
  switch (kind) {
    case 'users':
      // Contacts and consumers' users are rows of sys_user too; their class tells them apart.
      return [
        {
          table: sysUser,
          where: [equals('sys_class_name', 'sys_user')],
          type: 'user',
          read: readUser,
          pageSize: 1000,
        },
      ];
    case 'customers':
      return [
        { table: customerAccount, where: [], type: 'customer', read: readCustomer, pageSize: 1000 },
      ];
    case 'contacts':
      return [
        { table: customerContact, where: [], type: 'contact', read: readContact, pageSize: 1000 },
        {
          table: csmConsumer,
          where: [],
          type: 'consumer',
          read: readConsumer,
          pageSize: 1000,
          optional: true,
        },
      ];
    case 'cases': {
      // Two searches without OR: where a part of a search is silently dropped, each still finds all it should. Closed
      // cases come second, so that one closed meanwhile is not missed.
      const since = queryTime(new Date(now.getTime() - caseDays * day));
      const closed = [differs('active', 'true'), atLeast('sys_updated_on', since)];
      const source = caseSource;
      return [
        { ...source, where: [equals('active', 'true')] },
        { ...source, where: closed },
      ];
    }
  }
}

/** The searches that changes are looked for in: closed cases too, however old, so that they can be taken off. */
export function changeSourcesOf(kind: RecordKind, now: Date): Source[] {
  return kind === 'cases' ? [{ ...caseSource, where: [] }] : sourcesOf(kind, now);
}

const tables: Record<RecordType, Omit<Source, 'where'>> = {
  user: { table: sysUser, type: 'user', read: readUser, pageSize: 1000 },
  customer: { table: customerAccount, type: 'customer', read: readCustomer, pageSize: 1000 },
  contact: { table: customerContact, type: 'contact', read: readContact, pageSize: 1000 },
  consumer: { table: csmConsumer, type: 'consumer', read: readConsumer, pageSize: 1000 },
  case: caseSource,
};

/** The whole table of a type of record. */
export function sourceOfType(type: RecordType): Source {
  return { ...tables[type], where: [] };
}

/** The type of record that a table holds, or null. */
export function typeOfTable(name: string): RecordType | null {
  const found = Object.values(tables).find(({ table }) => table.name === name);
  return found?.type ?? null;
}
