import type { Company } from './company/company.ts';
import { companyRows } from './company/company-rows.ts';
import { createFaultSwitch, type FaultSwitch } from './faults/fault-switch.ts';
import { createDatabase, type Database, type RowRef } from './tables/database.ts';

/** One stand-in ServiceNow instance: its data, its users, and what is wrong with it. */
export interface Instance {
  company: Company;
  database: Database;
  faults: FaultSwitch;
  credentials: Credentials;
  /** Contents of attachments by sys_id. */
  files: Map<string, Buffer>;
  /** `http://127.0.0.1:8080`, without a slash at the end; links are made with it. */
  baseUrl: string;
  now(): Date;
  findUser(userName: string): RowRef | null;
  /** sys_id of a user, '' when there is none of that name. */
  userId(userName: string): string;
  /** The next automatic number: `CS0001001`. */
  nextNumber(prefix: string): string;
}

/** Passwords by user name. */
export type Credentials = ReadonlyMap<string, string>;

export interface InstanceOptions {
  company: Company;
  credentials: Credentials;
  faults: readonly string[];
  now(): Date;
}

export function createInstance({ company, credentials, faults, now }: InstanceOptions): Instance {
  const database = createDatabase(companyRows(company));
  const given = new Map<string, number>();

  function findUser(userName: string): RowRef | null {
    const store = database.store('sys_user');
    const known = company.users.byUserName(userName);
    if (known >= 0 && store.exists(known)) return { store, row: known };
    for (const row of store.edited())
      if (store.value(row, 'user_name') === userName) return { store, row };
    return null;
  }

  return {
    company,
    database,
    faults: createFaultSwitch(faults),
    credentials,
    files: new Map(),
    baseUrl: '',
    now,
    findUser,
    userId(userName) {
      const user = findUser(userName);
      return user ? user.store.value(user.row, 'sys_id') : '';
    },
    nextNumber(prefix) {
      // generated records are numbered from 1000001 on, new ones from 5000001
      const next = (given.get(prefix) ?? 5_000_000) + 1;
      given.set(prefix, next);
      return prefix + String(next).padStart(7, '0');
    },
  };
}
