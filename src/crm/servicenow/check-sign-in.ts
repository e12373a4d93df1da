import { CrmError } from '../crm-error.ts';
import type { Settings } from '../port.ts';
import { readBaseUrl } from './base-url.ts';
import { fail, failed, pass } from './check-outcome.ts';
import type { Outcome } from './check-outcome.ts';
import type { Client } from './client.ts';
import { equals, isSafeValue } from './encoded-query.ts';
import { flag, rawValue, text } from './row.ts';
import type { Row } from './row.ts';
import { listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';
import { customerCase, sysUser } from './tables.ts';

/** Steps that end with the user signed in to an instance that has CSM. */

export function checkUrl(settings: Settings): Outcome {
  const read = readBaseUrl(settings['endpoint'] ?? '');
  if (!read.ok) {
    return fail(
      'bad-url',
      `Endpoint: ${read.message}`,
      "Correct 'Endpoint' in the connection's settings.",
    );
  }
  return pass([read.url, ...read.notes].join(' '));
}

export function checkDetailsLink(settings: Settings): Outcome {
  const read = readBaseUrl(settings['detailsLink'] ?? '');
  if (!read.ok) {
    return fail(
      'bad-url',
      `CRM Details Link: ${read.message}`,
      "Correct 'CRM Details Link' in the connection's settings.",
    );
  }
  const endpoint = readBaseUrl(settings['endpoint'] ?? '');
  const elsewhere = endpoint.ok && new URL(endpoint.url).host !== new URL(read.url).host;
  return pass(
    [`Records open below ${read.url}`, ...read.notes].join(' ') +
      (elsewhere
        ? ' That is another host than the Endpoint, which is right if agents reach ServiceNow under a custom URL.'
        : ''),
  );
}

/** Asks without the password, so that it never goes to something that is not ServiceNow. */
export async function checkReachable(client: Client, call: CallOptions): Promise<Outcome> {
  try {
    await client.probe({
      path: `api/now/table/${sysUser.name}`,
      parameters: { sysparm_limit: '1', sysparm_fields: 'sys_id' },
      subject: sysUser.name,
      ...call,
    });
    return pass('The instance answers.');
  } catch (error) {
    return failed(error);
  }
}

const ownFields = ['sys_id', 'user_name', 'name', 'time_zone', 'web_service_access_only'];

export async function checkSignIn(
  client: Client,
  username: string,
  call: CallOptions,
): Promise<Outcome> {
  try {
    const where = username !== '' && isSafeValue(username) ? [equals('user_name', username)] : [];
    const { rows } = await listRows(
      client,
      { table: sysUser.name, where, fields: ownFields, limit: 1 },
      call,
    );
    return pass(describeUser(client, username, rows[0]));
  } catch (error) {
    // These come after the sign-in: the user is in, and its table has a step of its own.
    if (
      error instanceof CrmError &&
      (error.code === 'no-access' || error.code === 'transaction-cancelled')
    ) {
      return pass(`${signedInAs(username)}.`);
    }
    return failed(error);
  }
}

function describeUser(client: Client, username: string, row: Row | undefined): string {
  const own =
    row !== undefined && rawValue(row, 'user_name')?.toLowerCase() === username.toLowerCase();
  if (!own) return `${signedInAs(username)}.`;
  const name = client.redact(text(row, 'name', 100));
  const zone = client.redact(text(row, 'time_zone', 60));
  return [
    `${signedInAs(username)}${name === '' ? '' : ` (${name})`}.`,
    flag(row, 'web_service_access_only') === true
      ? 'Web service access only, as it should be.'
      : '',
    zone === '' ? '' : `Time zone ${zone}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** A client or a key names no user. */
const signedInAs = (username: string): string =>
  username === '' ? 'Signed in' : `Signed in as '${username}'`;

/** An instance without CSM has no case table; who may read the table is the business of the step 'cases'. */
export async function checkCsm(client: Client, call: CallOptions): Promise<Outcome> {
  const found = pass('Customer Service Management is active: the table of cases is there.');
  try {
    await listRows(
      client,
      { table: customerCase.name, where: [], fields: ['sys_id'], limit: 1 },
      call,
    );
    return found;
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.code === 'no-access' || error.code === 'transaction-cancelled') return found;
    if (error.code !== 'csm-inactive') return failed(error);
    return fail(
      'csm-inactive',
      'Customer Service Management is not active in this instance: there is no table sn_customerservice_case.',
      error.fix,
      { blocks: ['customers', 'contacts', 'cases'] },
    );
  }
}
