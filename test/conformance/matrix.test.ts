import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultCatalogue } from '../../sandbox/faults/catalogue.ts';
import { oauthClient, apiKey } from '../../sandbox/http/tokens.ts';
import { defaultPassword, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { CrmError } from '../../src/crm/crm-error.ts';
import type { CrmConnection, Settings } from '../../src/crm/port.ts';
import { collect, connectTo } from './connection.ts';

/*
 * Every fault that the sandbox offers, against the connection: each ends in the right code, or in recovery with nothing
 * lost and nothing doubled. The matrix is printed at the end.
 */

/** Faults are an instance's own, so several instances try them side by side: most of the time is waiting. */
const instances: Sandbox[] = [];
const free: Sandbox[] = [];
const waiting: ((sandbox: Sandbox) => void)[] = [];

async function take(): Promise<Sandbox> {
  return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
}

function giveBack(sandbox: Sandbox): void {
  const next = waiting.shift();
  if (next === undefined) free.push(sandbox);
  else next(sandbox);
}

const rows: { fault: string; task: string; outcome: string }[] = [];
let contacts = 0;

beforeAll(async () => {
  for (let n = 0; n < 4; n += 1)
    instances.push(await startSandbox({ port: 0, contacts: 1200, seed: 21 }));
  free.push(...instances);
  contacts = (await pulledContacts(connectTo(free[0]!))).length;
});
afterAll(async () => {
  await Promise.all(instances.map((sandbox) => sandbox.close()));
  const width = Math.max(...rows.map(({ fault }) => fault.length));
  const lines = rows.map(
    ({ fault, task, outcome }) => `${fault.padEnd(width)}  ${task.padEnd(8)}  ${outcome}`,
  );
  process.stdout.write(`\n${lines.join('\n')}\n`);
});

type Task = (crm: CrmConnection, sandbox: Sandbox) => Promise<string>;

async function pulledContacts(crm: CrmConnection): Promise<string[]> {
  const records = (await collect(crm.pull('contacts'))).flatMap((page) => page.records);
  return records.map(({ type, id }) => `${type} ${id}`);
}

const compared = (ids: string[]): string => {
  const missing = contacts - new Set(ids).size;
  return missing === 0 ? 'all records, none lost' : `${missing > 0 ? 'some' : 'other'} records`;
};

async function visible(crm: CrmConnection, sandbox: Sandbox): Promise<string> {
  const ids = new Set(await pulledContacts(crm));
  const seen = sandbox.requests.list().length;
  return ids.size > 0 && ids.size < contacts && seen < 200
    ? 'all that can be seen'
    : compared([...ids]);
}

const newCase = (sandbox: Sandbox) => ({
  shortDescription: 'Matrix',
  contactId: sandbox.lookups.uniqueContact().sysId,
});

const tasks = {
  check: async (crm) => {
    const found: string[] = [];
    for await (const progress of crm.check()) {
      if (progress.type !== 'finished' || progress.step.id === 'query-safety') continue;
      const { id, status, code } = progress.step;
      if (code !== null) found.push(`${id} ${status} ${code}`);
    }
    return found[0] ?? 'all steps pass';
  },
  safety: async (crm) => {
    for await (const progress of crm.check())
      if (progress.type === 'finished' && progress.step.id === 'query-safety')
        return `${progress.step.status} ${progress.step.code ?? ''}`.trim();
    return 'no step';
  },
  pull: async (crm) => compared(await pulledContacts(crm)),
  visible,
  changes: async (crm) => {
    const pages = await collect(crm.changes('contacts', { since: new Date(0) }));
    return compared(pages.flatMap((page) => page.records.map(({ type, id }) => `${type} ${id}`)));
  },
  removals: async (crm) => {
    await collect(crm.removals({ since: new Date() }));
    return 'read';
  },
  read: async (crm, sandbox) => {
    const { sysId } = sandbox.lookups.uniqueContact();
    const records = await crm.read('contact', [sysId], { budgetMs: 3000 });
    return records.length === 1 ? 'read' : 'nothing';
  },
  create: async (crm, sandbox) => {
    const correlationId = randomUUID();
    await crm.create('case', { correlationId, values: newCase(sandbox), fresh: true });
    const made = sandbox.records.find('sn_customerservice_case', `correlation_id=${correlationId}`);
    return made.length === 1 ? 'one record' : `${made.length} records`;
  },
  note: async (crm, sandbox) => {
    const { id } = await crm.create('case', {
      correlationId: randomUUID(),
      values: newCase(sandbox),
    });
    const note = { visibility: 'work-note', token: randomUUID(), fresh: true } as const;
    await crm.addNote(id, 'Once', note);
    const entries = sandbox.records.find('sys_journal_field', `element_id=${id}`);
    return entries.length === 1 ? 'one note' : `${entries.length} notes`;
  },
  log: async (crm) => {
    await crm.create('phoneLog', { correlationId: randomUUID(), values: { phoneNumber: '1' } });
    return 'one record';
  },
  interact: async (crm) => {
    await crm.create('interaction', { correlationId: randomUUID(), values: { type: 'phone' } });
    return 'one record';
  },
  closed: async (crm, sandbox) => {
    const { id } = await crm.create('case', {
      correlationId: randomUUID(),
      values: newCase(sandbox),
    });
    await crm.update('case', id, { state: '3', resolutionCode: 'x', resolutionNotes: 'y' });
    await crm.update('case', id, { shortDescription: 'Changed' });
    return 'changed';
  },
} satisfies Record<string, Task>;

const oauth = {
  settings: { authentication: 'oauth-client', username: '', clientId: oauthClient.id },
  secrets: { clientSecret: oauthClient.secret },
};
const key = { settings: { authentication: 'api-key', username: '' }, secrets: { apiKey } };
const basic = { settings: {}, secrets: { password: defaultPassword } };
const asUser = (username: string, password = defaultPassword) => ({
  settings: { username },
  secrets: { password },
});
const table = '/api/now/table/customer_contact';
const cases = 'sn_customerservice_case';

type Line = [
  fault: string,
  task: keyof typeof tasks,
  outcome: string,
  signIn?: { settings: Settings; secrets: Settings },
];

const matrix: Line[] = [
  ['csm-off', 'check', 'csm-active fail csm-inactive'],
  ['csm-off', 'read', 'csm-inactive'],
  ['openframe-off', 'log', 'csm-inactive'],
  ['interaction-off', 'interact', 'csm-inactive'],
  ['no-access:customer_contact', 'pull', 'no-access'],
  ['no-access:customer_contact', 'changes', 'no-access'],
  ['no-access:sys_audit_delete', 'removals', 'no-access'],
  ['no-write:sn_customerservice_case', 'create', 'no-access'],
  ['hidden-rows:customer_contact', 'check', 'contacts fail rows-hidden'],
  ['hidden-rows:customer_contact/3', 'visible', 'all that can be seen'],
  ['hidden-field:customer_contact.phone', 'check', 'contacts warn field-hidden'],
  ['hidden-field:customer_contact.sys_updated_on', 'changes', 'unsafe-query'],
  ['hidden-field:customer_contact.sys_updated_on/ignore', 'changes', 'unsafe-query'],
  ['audit-delete-off', 'removals', 'read'],
  ['unknown-field:ignore', 'safety', 'warn unsafe-query'],
  ['unknown-field:no-rows', 'safety', 'pass'],
  ['unknown-field:refuse', 'safety', 'pass'],
  ['query-range:customer_contact', 'pull', 'all records, none lost'],
  ['query-range:customer_contact/ignore', 'pull', 'all records, none lost'],
  ['query-range:customer_contact', 'changes', 'unsafe-query'],
  ['query-range:customer_contact/ignore', 'changes', 'unsafe-query'],
  ['refuse-sign-in', 'check', 'signed-in fail unauthorized'],
  ['refuse-sign-in', 'read', 'unauthorized'],
  ['basic-auth-restriction', 'read', 'unauthorized', asUser('alice.agent')],
  ['basic-auth-restriction', 'read', 'read'],
  ['lockout:2', 'read', 'unauthorized', asUser('bob.agent', 'wrong')],
  ['mfa', 'read', 'mfa-required'],
  ['oauth-lifetime:1', 'pull', 'all records, none lost', oauth],
  ['oauth-off', 'read', 'unauthorized', oauth],
  ['api-key-off', 'read', 'unauthorized', key],
  ['rate-limit:2/2', 'pull', 'all records, none lost'],
  ['rate-limit:1/3600', 'changes', 'rate-limited'],
  ['semaphore:1', 'pull', 'all records, none lost'],
  ['busy*3', 'pull', 'all records, none lost'],
  ['busy', 'read', 'rate-limited'],
  ['transaction-timeout:500/300', 'pull', 'all records, none lost'],
  ['transaction-timeout:partial/300', 'pull', 'all records, none lost'],
  ['transaction-timeout:malformed/300', 'pull', 'all records, none lost'],
  ['transaction-timeout:500/300', 'changes', 'all records, none lost'],
  ['transaction-timeout:500', 'pull', 'transaction-cancelled'],
  ['hibernating', 'read', 'hibernating'],
  ['maintenance', 'read', 'maintenance'],
  ['maintenance*2', 'pull', 'all records, none lost'],
  ['login-page', 'read', 'not-servicenow'],
  ['login-redirect', 'read', 'not-servicenow'],
  ['not-servicenow', 'read', 'not-servicenow'],
  ['bad-gateway', 'read', 'maintenance'],
  ['bad-gateway*2', 'changes', 'all records, none lost'],
  ['latency:200', 'pull', 'all records, none lost'],
  ['silence', 'read', 'timeout'],
  [`silence@${table}*2`, 'pull', 'all records, none lost'],
  ['drop', 'read', 'dropped'],
  [`drop@${table}*3`, 'pull', 'all records, none lost'],
  [`drop-midway@${table}*2`, 'pull', 'all records, none lost'],
  [`half-json@${table}*2`, 'changes', 'all records, none lost'],
  ['slow-loris:50', 'read', 'timeout'],
  [`slow-loris:50@${table}*1`, 'changes', 'all records, none lost'],
  ['gzip', 'pull', 'all records, none lost'],
  ['crowded', 'read', 'dropped'],
  ['crowded*3', 'pull', 'all records, none lost'],
  [`commit-then-500:${cases}*1`, 'create', 'one record'],
  [`commit-then-silence:${cases}*1`, 'create', 'one record'],
  [`commit-then-drop:${cases}*1`, 'create', 'one record'],
  [`commit-then-500:${cases}*2`, 'note', 'one note'],
  [`commit-then-drop:${cases}*2`, 'note', 'one note'],
  [`business-rule:${cases}`, 'create', 'rejected'],
  [`data-policy:${cases}.description`, 'create', 'rejected'],
  ['closed-cases-open', 'closed', 'changed'],
];

test('the matrix leaves no fault out', () => {
  const tried = new Set(matrix.map(([fault]) => fault.split(/[:@*]/)[0]));
  expect(faultCatalogue.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});

test.concurrent.each(matrix)('%s: %s ends in %s', async (fault, task, expected, signIn = basic) => {
  const sandbox = await take();
  sandbox.faults.set([]);
  sandbox.expireTokens();
  sandbox.requests.clear();
  // A page that hangs is given up soon; any other may take its time on a busy machine.
  const timeoutMs = /silence|slow-loris/.test(fault) ? 2_500 : 15_000;
  const crm = connectTo(sandbox, signIn.settings, signIn.secrets, { timeoutMs });
  crm.resume();
  sandbox.faults.set([fault]);
  let outcome = '';
  try {
    outcome = await tasks[task](crm, sandbox);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    outcome = error.code;
    expect(error.fix).not.toBe('');
  } finally {
    await crm.close();
    giveBack(sandbox);
  }
  rows.push({ fault, task, outcome });
  expect(outcome).toBe(expected);
});
