import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { recordKinds } from '../../src/crm/record.ts';
import type { RecordKind } from '../../src/crm/record.ts';
import { crmPlatform } from '../../src/crm/registry.ts';

/*
 * The ServiceNow connection against the sandbox instance, fault by fault: each ends in the right code, or in recovery
 * with no record lost.
 */

let sandbox: Sandbox;
const healthy = new Map<RecordKind, string[]>();

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 2500, seed: 7 });
  for (const kind of recordKinds) healthy.set(kind, await pulled(kind));
}, 120_000);
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.faults.set([]);
  sandbox.requests.clear();
});

function connect(password = defaultPassword, username = integrationUser) {
  const platform = crmPlatform('servicenow');
  if (platform === null) throw new Error('no such platform');
  const url = `${sandbox.url}/`;
  return platform.connect({ endpoint: url, detailsLink: url, username }, { password });
}

async function check(password?: string, username?: string): Promise<string[]> {
  const connection = connect(password, username);
  const found: string[] = [];
  for await (const progress of connection.check()) {
    if (progress.type === 'started') continue;
    const { id, status, code } = progress.step;
    if (status === 'fail' || status === 'warn') found.push(`${id} ${status} ${code}`);
  }
  await connection.close();
  return found.filter((line) => line !== 'query-safety warn unsafe-query');
}

async function pulled(kind: RecordKind): Promise<string[]> {
  const connection = connect();
  const ids = new Set<string>();
  for await (const { records } of connection.pull(kind)) for (const { id } of records) ids.add(id);
  await connection.close();
  return [...ids].toSorted();
}

describe('the Systems Check says what is wrong', () => {
  test.each<[string, string[]]>([
    ['gzip', []],
    ['csm-off', ['csm-active fail csm-inactive']],
    ['no-access:sn_customerservice_case', ['cases fail no-access']],
    ['no-access:customer_account', ['customers fail no-access']],
    ['no-access:csm_consumer', ['contacts warn no-access']],
    ['hidden-rows:customer_account', ['customers fail rows-hidden']],
    ['hidden-rows:customer_contact/3', ['contacts warn rows-hidden']],
    ['hidden-field:customer_contact.mobile_phone', ['contacts warn field-hidden']],
    ['hidden-field:customer_account.phone', ['customers fail field-hidden']],
    ['unknown-field:no-rows', []],
    ['unknown-field:refuse', []],
    ['refuse-sign-in', ['signed-in fail unauthorized']],
    ['mfa', ['signed-in fail mfa-required']],
    ['hibernating', ['reachable fail hibernating']],
    ['maintenance', ['reachable fail maintenance']],
    ['login-page', ['reachable fail not-servicenow']],
    ['login-redirect', ['reachable fail not-servicenow']],
    ['not-servicenow', ['reachable fail not-servicenow']],
    ['half-json@/api/now/table/customer_account', ['customers fail malformed']],
    ['drop-midway@/api/now/table/customer_account', ['customers fail malformed']],
    ['drop', ['reachable fail dropped']],
    ['crowded', ['reachable fail dropped']],
    [
      'transaction-timeout:500@/api/now/table/customer_contact',
      ['contacts fail transaction-cancelled'],
    ],
    [
      'transaction-timeout:partial@/api/now/table/customer_contact',
      ['contacts fail transaction-cancelled'],
    ],
    [
      'transaction-timeout:malformed@/api/now/table/customer_contact',
      ['contacts fail transaction-cancelled'],
    ],
  ])('%s', async (fault, expected) => {
    sandbox.faults.set([fault]);
    expect(await check()).toEqual(expected);
  });

  test('a rate rule is reported with its wait and not waited out', async () => {
    sandbox.faults.set(['rate-limit:3/3600']);
    expect((await check())[0]).toMatch(/ fail rate-limited$/);
  });

  test.each([
    ['interactive.user', 'signed-in fail unauthorized'],
    ['locked.user', 'signed-in fail unauthorized'],
    ['dora.former', 'signed-in fail unauthorized'],
    ['mfa.user', 'signed-in fail mfa-required'],
  ])('the user %s', async (username, expected) => {
    expect(await check(defaultPassword, username)).toEqual([expected]);
  });

  test('a wrong password is sent at most twice', async () => {
    expect(await check('wrong')).toEqual(['signed-in fail unauthorized']);
    expect(
      sandbox.requests.list().filter(({ status }) => status === 401).length,
    ).toBeLessThanOrEqual(3);
  });
});

describe('a pull loses nothing', () => {
  test.each<[string, RecordKind]>([
    ['gzip', 'contacts'],
    ['drop@/api/now/table/customer_contact*3', 'contacts'],
    ['drop-midway@/api/now/table/customer_contact*2', 'contacts'],
    ['half-json@/api/now/table/customer_contact*2', 'contacts'],
    ['crowded@/api/now/table/customer_contact*3', 'contacts'],
    ['bad-gateway@/api/now/table/customer_contact*2', 'contacts'],
    ['maintenance@/api/now/table/customer_contact*2', 'contacts'],
    ['busy@/api/now/table/customer_contact*2', 'contacts'],
    ['transaction-timeout:500/300', 'contacts'],
    ['transaction-timeout:partial/300', 'contacts'],
    ['transaction-timeout:malformed/300', 'cases'],
    ['query-range:customer_contact', 'contacts'],
    ['query-range:customer_contact/ignore', 'contacts'],
    ['query-range:sn_customerservice_case', 'cases'],
    ['query-range:sn_customerservice_case/ignore', 'cases'],
    ['query-range:sys_user/ignore', 'users'],
    ['unknown-field:refuse', 'customers'],
  ])('%s, %s', async (fault, kind) => {
    sandbox.faults.set([fault]);
    expect(await pulled(kind)).toEqual(healthy.get(kind));
  });

  test('rows that are hidden from the user are stepped over, the others all come', async () => {
    sandbox.faults.set(['hidden-rows:customer_contact/3']);
    const some = await pulled('contacts');
    const all = healthy.get('contacts') ?? [];
    expect(some.length).toBeGreaterThan(all.length / 2);
    expect(some.length).toBeLessThan(all.length);
    sandbox.faults.set(['hidden-rows:customer_contact']);
    expect((await pulled('contacts')).length).toBeLessThan(all.length / 2);
  });

  test('no request carries a cookie, and never more than four are under way', () => {
    expect(sandbox.requests.list().every(({ cookie }) => !cookie)).toBe(true);
  });
});
