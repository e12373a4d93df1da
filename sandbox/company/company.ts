import { createAccounts, type Accounts } from './accounts.ts';
import { createCases, type Cases } from './cases.ts';
import { createConsumers, type Consumers } from './consumers.ts';
import { createContacts, type Contacts } from './contacts.ts';
import type { GeneratedRows } from '../tables/generated-rows.ts';
import { createIncidents } from './incidents.ts';
import { layOut, type Layout } from './layout.ts';
import { createUsers, type Users } from './users.ts';

/** Brightwater and its customers, made from a seed. The same seed, size and day give the same company. */
export interface Company {
  seed: number;
  layout: Layout;
  users: Users;
  accounts: Accounts;
  contacts: Contacts;
  consumers: Consumers;
  cases: Cases;
  incidents: GeneratedRows;
}

export interface CompanyOptions {
  seed: number;
  /** How many contacts, at least 1. */
  contacts: number;
  /** Ages of records count from here. */
  now: Date;
}

export function createCompany({ seed, contacts, now }: CompanyOptions): Company {
  const moment = Math.floor(now.getTime() / 1000);
  const layout = layOut(seed, Math.max(1, contacts));
  const users = createUsers(layout, moment);
  const accounts = createAccounts(layout, moment);
  const people = createContacts(layout, accounts, moment);
  const consumers = createConsumers(layout, moment);
  const cases = createCases(layout, { accounts, contacts: people, consumers, users }, moment);
  const incidents = createIncidents(seed, users, moment);
  return { seed, layout, users, accounts, contacts: people, consumers, cases, incidents };
}
