import { CrmError } from '../crm-error.ts';
import type { RecordKind } from '../record.ts';
import { fail, failed, pass, together, warn } from './check-outcome.ts';
import type { Outcome } from './check-outcome.ts';
import type { Client } from './client.ts';
import { equals, matches } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import { countRows, listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';
import { csmConsumer, customerAccount, customerCase, customerContact, sysUser } from './tables.ts';
import type { Table } from './tables.ts';

/** Steps that look at a few rows of each table: may the user read it, are rows hidden, are fields hidden? */

export interface TableFinding {
  outcome: Outcome;
  /** The sample had rows, so that searches can be tried on this table. */
  hasRows: boolean;
}

export function checkUsers(client: Client, call: CallOptions): Promise<TableFinding> {
  return checkTable(client, sysUser, [equals('sys_class_name', 'sys_user')], 'users', call);
}

export function checkCustomers(client: Client, call: CallOptions): Promise<TableFinding> {
  return checkTable(client, customerAccount, [], 'customers', call);
}

export function checkCases(client: Client, call: CallOptions): Promise<TableFinding> {
  return checkTable(client, customerCase, [], 'cases', call);
}

/** Contacts, and consumers where the instance has them: their plugin is one of its own. */
export async function checkContacts(client: Client, call: CallOptions): Promise<TableFinding> {
  const contacts = await checkTable(client, customerContact, [], 'contacts', call);
  if (contacts.outcome.status === 'fail' || client.locked()) return contacts;
  const consumers = await checkConsumers(client, call);
  return { outcome: together([contacts.outcome, consumers]), hasRows: contacts.hasRows };
}

async function checkConsumers(client: Client, call: CallOptions): Promise<Outcome> {
  try {
    const { outcome } = await readTable(client, csmConsumer, [], 'contacts', call);
    const { count: _, ...rest } = outcome;
    // Consumers are a part of the contacts; trouble with them does not fail the whole.
    return rest.status === 'fail' ? { ...rest, status: 'warn' } : rest;
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.code === 'csm-inactive') return pass('The instance has no consumers.');
    const fix =
      error.code === 'no-access'
        ? `If you serve no consumers, nothing has to be done. Otherwise: ${accessFix(csmConsumer)}`
        : error.fix;
    return warn(error.checkCode, `Consumers: ${error.message}`, fix);
  }
}

async function checkTable(
  client: Client,
  table: Table,
  where: Condition[],
  kind: RecordKind,
  call: CallOptions,
): Promise<TableFinding> {
  try {
    return await readTable(client, table, where, kind, call);
  } catch (error) {
    const outcome = failed(error);
    return {
      outcome: outcome.code === 'no-access' ? { ...outcome, fix: accessFix(table) } : outcome,
      hasRows: false,
    };
  }
}

const sampleSize = 20;

async function readTable(
  client: Client,
  table: Table,
  where: Condition[],
  kind: RecordKind,
  call: CallOptions,
): Promise<TableFinding> {
  const request = { table: table.name, where, fields: table.fields, limit: sampleSize };
  const first = await listRows(client, request, call);
  const counted = first.total ?? (await countOrNull(client, table, where, call));
  const blind = first.rows.length === 0 && (counted ?? 0) > sampleSize;
  const rows = blind ? await lookFurther(client, request, counted ?? 0, call) : first.rows;
  // A count below what was just read is no count.
  const total = counted === null ? null : Math.max(counted, rows.length);
  const hidden = Math.min(sampleSize, total ?? 0) - first.rows.length;
  const outcome = together(findings(table, where, { rows, total, hidden }));
  return { outcome: { ...outcome, count: { kind, total } }, hasRows: rows.length > 0 };
}

async function countOrNull(
  client: Client,
  table: Table,
  where: Condition[],
  call: CallOptions,
): Promise<number | null> {
  try {
    return await countRows(client, table.name, where, call);
  } catch (error) {
    if (error instanceof CrmError) return null;
    throw error;
  }
}

/** Access rules hide rows after the limit was applied: the first rows may be hidden and later ones not. */
async function lookFurther(
  client: Client,
  request: Parameters<typeof listRows>[1],
  total: number,
  call: CallOptions,
): Promise<Row[]> {
  for (const offset of [sampleSize, Math.floor(total / 2), Math.max(0, total - 100)]) {
    const list = await listRows(client, { ...request, limit: 100, offset }, call);
    if (list.rows.length > 0) return list.rows;
  }
  return [];
}

interface Sample {
  rows: Row[];
  total: number | null;
  /** How many of the first rows the instance counted but did not show. */
  hidden: number;
}

function findings(table: Table, where: Condition[], { rows, total, hidden }: Sample): Outcome[] {
  if (rows.length === 0) return [nothingSeen(table, total)];
  const found = [pass(`${counted(total, table)}.`)];
  if (hidden > 0) {
    found.push(
      warn(
        'rows-hidden',
        `Of the first ${Math.min(sampleSize, total ?? 0)} ${table.title} the instance does not show ${hidden}: access rules hide them from this user.`,
        accessFix(table),
      ),
    );
  }
  if (
    rows.some(
      (row) => !where.every((condition) => matches(condition, (field) => rawValue(row, field))),
    )
  ) {
    found.push(
      warn(
        'unsafe-query',
        `The instance ignored a part of the search for ${table.title} and sent other records too; the count is too high. Ringside sorts them out itself.`,
        'Ask your ServiceNow administrator which query ACLs (System Security > Access Control (ACL), operation query_match) apply to this user.',
      ),
    );
  }
  return [...found, ...hiddenFields(table, rows)];
}

function counted(total: number | null, { title }: Table): string {
  if (total === null) return `An unknown number of ${title}`;
  return total === 1 ? `1 ${title.slice(0, -1)}` : `${total.toLocaleString('en-US')} ${title}`;
}

function nothingSeen(table: Table, total: number | null): Outcome {
  if (total !== null && total > 0) {
    return fail(
      'rows-hidden',
      `The instance has ${counted(total, table)} but shows none to this user: access rules hide every row.`,
      accessFix(table),
    );
  }
  if (table === sysUser) {
    return warn(
      'rows-hidden',
      'The instance shows no users, not even the one signed in.',
      accessFix(table),
    );
  }
  return pass(
    `No ${table.title}. If there should be some, the user lacks a role such as ${table.role}.`,
  );
}

/** An unreadable field is left out of the row; one missing here and there is a rule on single records. */
function hiddenFields(table: Table, rows: Row[]): Outcome[] {
  const missing = (field: string): boolean =>
    rows.some((row) => rawValue(row, field) === undefined);
  const phones = table.phones.map(({ field }) => field);
  const hidden = [...table.needed, ...phones].filter(missing);
  if (hidden.length === 0) return [];
  const names = hidden.join(', ');
  const fix = `Let the user read ${hidden.length === 1 ? 'this field' : 'these fields'}: in ServiceNow System Security > Access Control (ACL), search for ${hidden.map((field) => `${table.name}.${field}`).join(', ')} with operation read, and add a role of the user (such as ${table.role}) to the rule, or give the user a role that the rule names.`;
  const detail = `The user cannot see ${hidden.length === 1 ? 'the field' : 'the fields'} ${names} of ${table.title}.`;
  // Users' own numbers come last in matching; without any number of a customer or contact no call can be matched.
  const useless =
    table !== sysUser && phones.length > 0 && phones.every((field) => hidden.includes(field));
  return [
    useless
      ? fail(
          'field-hidden',
          `${detail} Without a telephone number no call can be matched to ${table.title}.`,
          fix,
        )
      : warn('field-hidden', `${detail} What it holds is missing in Ringside.`, fix),
  ];
}

function accessFix(table: Table): string {
  return `In ServiceNow open User Administration > Users > the user > Roles > Edit and add ${table.role}, then Save. If the role is there, look at System Security > Access Control (ACL) for rules on ${table.name} (operation read), and where REST access rules are active add snc_platform_rest_api_access.`;
}
