import type { CaseRight } from '../check-step.ts';
import { CrmError } from '../crm-error.ts';
import type { Client } from './client.ts';
import { equals, isSafeValue } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { quick } from './patience.ts';
import { hasCode } from './pull.ts';
import { rawValue, text } from './row.ts';
import type { Row } from './row.ts';
import { listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';
import { customerCase, sysUser } from './tables.ts';

/**
 * Whether the user may make cases; see CrmConnection.caseRight. ServiceNow has no question for that which everybody may ask: access rules and data
 * policies are for its administrators to read, and a write that is certain to be refused does not say why. So it is worked
 * out of what the user may read: a case that it made before, else its own roles. Both reads may be closed to it, then nothing is known.
 */
export async function readCaseRight(
  client: Client,
  username: string,
  signal?: AbortSignal,
): Promise<CaseRight> {
  const call: CallOptions = { policy: quick, signal };
  try {
    const own = await ownCase(client, username, call);
    if (own !== null) return madeBefore(client, own);
  } catch (error) {
    const known = decided(error);
    if (known !== null) return known;
    throw error;
  }
  const roles = rolesOf(await ownUser(client, username, call));
  if (roles === null) return rolesHidden(username);
  return judgeRoles(roles);
}

/** As delivered may make cases: the agent's role (product documentation, CSM roles), and who may do everything. */
const caseRoles = ['sn_customerservice_agent', 'admin'];

const noPromise =
  'Business rules, data policies and access rules of your own cannot be asked and may still refuse one.';

function judgeRoles(roles: readonly string[]): CaseRight {
  const role = caseRoles.find((one) => roles.includes(one));
  if (role !== undefined) {
    const detail = `The user has the role ${role}, with which ServiceNow lets make cases as it is delivered. ${noPromise}`;
    return { answer: 'likely', code: 'role', detail, fix: null };
  }
  return {
    answer: 'unknown',
    code: 'roles-lack',
    detail: `The user shows ${roles.length} ${roles.length === 1 ? 'role' : 'roles'}, and not ${caseRoles[0]}, with which ServiceNow lets make cases as it is delivered. A role of your own may allow it too.`,
    fix: `If cases are refused: in ServiceNow open User Administration > Users > the user > Roles > Edit, add ${caseRoles[0]}, then Save.`,
  };
}

function rolesHidden(username: string): CaseRight {
  const why =
    username === ''
      ? 'The sign-in names no user whose roles and cases could be looked at.'
      : 'The user has made no case yet, and ServiceNow does not show it its own roles.';
  return {
    answer: 'unknown',
    code: 'roles-hidden',
    detail: `${why} Only a case that is really made tells.`,
    fix: 'Nothing has to be done. Open a first case from a call; the next Systems Check knows then.',
  };
}

function madeBefore(client: Client, row: Row): CaseRight {
  const number = client.redact(text(row, 'number', 40));
  const day = text(row, 'sys_created_on', 10);
  const detail = `The user has made a case before: ${number}${day === '' ? '' : ` on ${day}`}.`;
  return { answer: 'yes', code: 'made-before', detail, fix: null };
}

/** Where the table is missing or closed, nothing more has to be asked. */
function decided(error: unknown): CaseRight | null {
  if (!(error instanceof CrmError)) return null;
  const { code, message, fix } = error;
  if (code === 'csm-inactive') return { answer: 'no', code, detail: message, fix };
  if (code !== 'no-access') return null;
  const detail = `${message} Ringside reads a case again after making it, so it makes none.`;
  return { answer: 'no', code, detail, fix };
}

/** A rule may keep the question back and not the table: then the table is asked without it. */
async function ownCase(client: Client, username: string, call: CallOptions): Promise<Row | null> {
  const table = customerCase.name;
  try {
    return await ownRow(client, table, 'sys_created_by', username, call);
  } catch (error) {
    if (!hasCode(error, 'no-access')) throw error;
    return ownRow(client, table, 'sys_created_by', '', call);
  }
}

function ownUser(client: Client, username: string, call: CallOptions): Promise<Row | null> {
  return ownRow(client, sysUser.name, 'user_name', username, call).catch((error: unknown) => {
    if (hasCode(error, 'no-access')) return null;
    throw error;
  });
}

const ownFields = {
  [customerCase.name]: ['sys_id', 'number', 'sys_created_by', 'sys_created_on'],
  [sysUser.name]: ['sys_id', 'user_name', 'roles'],
};

/** A row that shows the user's name in this field. The instance may ignore the question or hide the field, so the answer is looked at. */
async function ownRow(
  client: Client,
  table: string,
  field: string,
  username: string,
  call: CallOptions,
): Promise<Row | null> {
  const named = username !== '' && isSafeValue(username);
  const where: Condition[] = named ? [equals(field, username)] : [];
  const fields = ownFields[table] ?? [];
  // Asked also without a name: whether the table is there and open is worth knowing.
  const { rows } = await listRows(client, { table, where, fields, limit: 5 }, call);
  const wanted = username.toLowerCase();
  return rows.find((row) => named && rawValue(row, field)?.toLowerCase() === wanted) ?? null;
}

/** Null where they are not shown. On the instances that were seen an empty field means that it is not filled in. */
function rolesOf(row: Row | null): string[] | null {
  const roles = (row === null ? '' : (rawValue(row, 'roles') ?? ''))
    .split(/[\s,]+/)
    .filter((role) => role !== '');
  return roles.length === 0 ? null : roles;
}
