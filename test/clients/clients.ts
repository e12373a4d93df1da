import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { oauthClient } from '../../sandbox/http/tokens.ts';
import { defaultPassword, integrationUser } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { install, unpack } from './install.ts';
import type { Installed } from './install.ts';
import { openTlsFront } from './tls-front.ts';

/** A public client that others wrote against real instances. */
export interface PublicClient {
  name: string;
  /** Gets it; throws when it cannot be had. */
  get(): Promise<Installed>;
  /** What it does against the sandbox; throws when something is not as on a real instance. Answers what was seen. */
  use(installed: Installed, sandbox: Sandbox): Promise<string>;
}

type Rows = Record<string, string>[];
const contactTable = 'customer_contact';
const allContacts = (sandbox: Sandbox): string[] =>
  sandbox.records
    .find(contactTable, '')
    .map(({ sys_id }) => sys_id ?? '')
    .toSorted();

const snRestClient: PublicClient = {
  name: 'sn-rest-client',
  get: () => install('sn-rest-client', ['sn-rest-client']),
  async use({ load }, sandbox) {
    const auth = { username: integrationUser, password: defaultPassword };
    const client = load('sn-rest-client')({ hostName: sandbox.url, silent: true, auth });
    // It goes from page to page by the Link header.
    const url = `/api/now/table/${contactTable}?sysparm_fields=sys_id&sysparm_limit=70`;
    const rows: Rows = await client.get({ url });
    assert.deepEqual(rows.map(({ sys_id }) => sys_id ?? '').toSorted(), allContacts(sandbox));
    const fresh = { short_description: 'From sn-rest-client' };
    const [made]: Rows = await client.post({ url: '/api/now/table/incident' }, fresh);
    const record = `/api/now/table/incident/${made?.['sys_id']}`;
    const [changed]: Rows = await client.patch({ url: record }, { priority: '2' });
    assert.equal(changed?.['short_description'], 'From sn-rest-client');
    return `${rows.length} contacts by Link headers; an incident made and changed`;
  },
};

/** A package that it needs was never published, so it cannot be installed whole; its REST client needs only these two. */
const backstage: PublicClient = {
  name: '@backstage-community/plugin-servicenow-backend (its REST client)',
  async get() {
    const installed = await install('backstage', ['axios@^1', 'simple-oauth2@^5']);
    if (!existsSync(join(installed.folder, 'package/package.json')))
      await unpack(installed.folder, '@backstage-community/plugin-servicenow-backend');
    return installed;
  },
  async use({ folder, load }, sandbox) {
    const at = (file: string) => load(join(folder, 'package/dist/service-now-rest', file));
    const logger = { info() {}, warn() {}, error() {}, debug() {} };
    const seen: string[] = [];
    const basicAuth = { username: integrationUser, password: defaultPassword };
    const oauth = {
      grantType: 'client_credentials',
      clientId: oauthClient.id,
      clientSecret: oauthClient.secret,
    };
    for (const signIn of [{ basicAuth }, { oauth }]) {
      const servicenow = { instanceUrl: sandbox.url, ...signIn };
      const connection = new (at('connection.cjs.js').ServiceNowConnection)({ servicenow }, logger);
      const client = new (at('client.cjs.js').DefaultServiceNowClient)(connection, logger);
      const total = sandbox.records.find('incident', '').length;
      const page = await client.fetchIncidents({ limit: 5, offset: 0, orderBy: 'number' });
      assert.equal(page.totalCount, total);
      assert.equal(page.items.length, Math.min(5, total));
      const { email } = sandbox.lookups.agents.alice;
      const own = await client.fetchIncidents({ userEmail: email, limit: 100, offset: 0 });
      assert.ok(own.totalCount < total);
      seen.push(`${page.items.length} of ${total} incidents by ${Object.keys(signIn).join('')}`);
    }
    return seen.join(', ');
  },
};

const sdk: PublicClient = {
  name: '@servicenow/sdk 4.9.0 (now-sdk query)',
  get: () => install('sdk', ['@servicenow/sdk@4.9.0']),
  async use({ folder }, sandbox) {
    const query = async (...words: string[]) => {
      const command = join(folder, 'node_modules/@servicenow/sdk/bin/index.js');
      const env = {
        PATH: process.env['PATH'],
        HOME: folder,
        SN_SDK_NODE_ENV: 'SN_SDK_CI_INSTALL',
        SN_SDK_AUTH_TYPE: 'basic',
        SN_SDK_INSTANCE_URL: sandbox.url,
        // It signs in by the login form, which a user for programs may not.
        SN_SDK_USER: sandbox.lookups.agents.alice.userName,
        SN_SDK_USER_PWD: defaultPassword,
      };
      const all = [command, 'query', ...words, '-o', 'json'];
      const { stdout } = await promisify(execFile)(process.execPath, all, { env });
      const answer = JSON.parse(stdout) as { ok: boolean; records: Rows; hasMore: boolean };
      assert.equal(answer.ok, true);
      return answer;
    };
    const users = await query('sys_user', '-q', 'user_name=bob.agent', '-f', 'user_name,email');
    assert.deepEqual(
      users.records.map((row) => row['user_name']),
      ['bob.agent'],
    );
    const first = await query(contactTable, '-q', 'ORDERBYsys_id', '-f', 'sys_id', '--limit', '10');
    const ids = first.records.map(({ sys_id }) => sys_id);
    assert.deepEqual(ids, allContacts(sandbox).slice(0, 10));
    assert.equal(first.hasMore, true);
    return `1 user by name, ${ids.length} contacts in order, more to come`;
  },
};

const restApi: PublicClient = {
  name: 'servicenow-rest-api',
  get: () => install('servicenow-rest-api', ['servicenow-rest-api']),
  async use({ load }, sandbox) {
    const front = await openTlsFront(sandbox.url);
    try {
      const ServiceNow = load('servicenow-rest-api');
      const client = new ServiceNow(front.host, integrationUser, defaultPassword);
      client.setNetworkOptions({ httpsAgent: new Agent({ rejectUnauthorized: false }) });
      const ask = (method: string, ...words: unknown[]) =>
        new Promise<never>((answered) => client[method](...words, answered));
      const cases: Rows = await ask(
        'getTableData',
        ['number', 'state'],
        ['active=true', 'priority=1'],
        'sn_customerservice_case',
      );
      const wanted = sandbox.records.find('sn_customerservice_case', 'active=true^priority=1');
      assert.equal(cases.length, wanted.length);
      const words = { short_description: 'From servicenow-rest-api' };
      const made: Record<string, string> = await ask('createNewTask', words, 'incident');
      const id: string = await ask('getSysId', 'incident', made['number']);
      assert.equal(id, made['sys_id']);
      return `${cases.length} cases with labels; an incident made and found by its number`;
    } finally {
      await front.close();
    }
  },
};

export const publicClients: readonly PublicClient[] = [snRestClient, backstage, sdk, restApi];
