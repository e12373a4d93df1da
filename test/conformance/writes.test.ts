import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { CrmError } from '../../src/crm/crm-error.ts';
import type { CrmConnection } from '../../src/crm/port.ts';
import { connectTo } from './connection.ts';

let sandbox: Sandbox;
let crm: CrmConnection;
const caseTable = 'sn_customerservice_case';

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 300, seed: 3 });
  crm = connectTo(sandbox, {}, undefined, { timeoutMs: 1000 });
});
afterAll(async () => {
  await crm.close();
  await sandbox.close();
});
beforeEach(() => {
  sandbox.faults.set([]);
  sandbox.requests.clear();
});

const values = () => ({
  shortDescription: 'Scanner is silent',
  channel: 'phone',
  contactId: sandbox.lookups.uniqueContact().sysId,
});
const casesWith = (id: string) => sandbox.records.find(caseTable, `correlation_id=${id}`);
const posts = () => sandbox.requests.list().filter(({ method }) => method === 'POST').length;

async function failureOf(task: Promise<unknown>): Promise<CrmError> {
  const error = await task.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CrmError)) throw new Error(`no CrmError but ${String(error)}`);
  return error;
}

describe('a case is made once', () => {
  test.each([
    '',
    'commit-then-500*1',
    'commit-then-silence*1',
    'commit-then-drop*1',
    `drop@/api/now/table/${caseTable}*2`,
    `crowded@/api/now/table/${caseTable}*2`,
    `maintenance@/api/now/table/${caseTable}*2`,
    `half-json@/api/now/table/${caseTable}*1`,
    `busy@/api/now/table/${caseTable}*2`,
    `bad-gateway@/api/now/table/${caseTable}*2`,
    'unknown-field:no-rows',
  ])('%s', async (fault) => {
    sandbox.faults.set(fault === '' ? [] : [fault]);
    const correlationId = randomUUID();
    const made = await crm.create('case', { correlationId, values: values(), fresh: true });
    sandbox.faults.set([]);
    expect(made.number).toMatch(/^CS\d+$/);
    expect(casesWith(correlationId)).toHaveLength(1);
    // A later call, of another process perhaps, finds the same.
    const again = await crm.create('case', { correlationId, values: values() });
    expect(again).toEqual({ ...made, existed: true });
    expect(casesWith(correlationId)).toHaveLength(1);
  });

  test('also where every answer is lost', async () => {
    sandbox.faults.set(['commit-then-500']);
    const correlationId = randomUUID();
    const made = await crm.create('case', { correlationId, values: values(), fresh: true });
    expect(made.existed).toBe(true);
    expect(posts()).toBe(1);
  });

  test('a table without a column for our id is searched for what was written', async () => {
    sandbox.faults.set(['commit-then-500:customer_contact']);
    const lastName = `Nowhere-${randomUUID().slice(0, 8)}`;
    await crm.create('contact', {
      correlationId: randomUUID(),
      values: { firstName: 'Ada', lastName, mobilePhone: '+49 171 3920011' },
      fresh: true,
    });
    expect(sandbox.records.find('customer_contact', `last_name=${lastName}`)).toHaveLength(1);
  });

  test('nothing is made again where the search for it is ignored', async () => {
    sandbox.faults.set([
      'commit-then-500*1',
      ...['correlation_id', 'short_description', 'contact', 'contact_type'].map(
        (field) => `hidden-field:${caseTable}.${field}/ignore`,
      ),
    ]);
    const correlationId = randomUUID();
    const error = await failureOf(
      crm.create('case', { correlationId, values: values(), fresh: true }),
    );
    expect(error.code).toBe('uncertain');
    expect(casesWith(correlationId)).toHaveLength(1);
  });

  test('times are kept in UTC', async () => {
    const correlationId = randomUUID();
    await crm.create('interaction', {
      correlationId,
      values: { type: 'phone', direction: 'inbound', openedAt: '2026-05-04T03:02:01.500Z' },
    });
    const [found] = sandbox.records.find('interaction', `correlation_id=${correlationId}`);
    expect(found).toMatchObject({ opened_at: '2026-05-04 03:02:01', direction: 'inbound' });
  });
});

describe('a refusal comes in the words of the instance', () => {
  test.each([
    [`business-rule:${caseTable}`, 'rejected', /Business Rule 'Refuse everything'/],
    [`data-policy:${caseTable}.description`, 'rejected', /Description is mandatory/],
    [`no-write:${caseTable}`, 'no-access', /ACL Exception/],
  ])('%s', async (fault, code, words) => {
    sandbox.faults.set([fault]);
    const error = await failureOf(
      crm.create('case', { correlationId: randomUUID(), values: values(), fresh: true }),
    );
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.refusal).toMatch(words);
    expect(error.refusal).not.toMatch(/[0-9a-f]{32}|Stack/);
    expect(posts()).toBe(1);
  });

  test('a closed case, a case that is gone', async () => {
    const { id } = await crm.create('case', { correlationId: randomUUID(), values: values() });
    await crm.update('case', id, { state: '3', resolutionCode: 'solved', resolutionNotes: 'Done' });
    const closed = await failureOf(crm.update('case', id, { shortDescription: 'Other' }));
    expect(closed.code).toBe('rejected');
    expect(closed.refusal).toMatch(/closed cases/);
    const gone = await failureOf(crm.update('case', 'f'.repeat(32), { priority: '1' }));
    expect(gone.code).toBe('not-found');
  });
});

test.each(['commit-then-500*1', 'commit-then-drop*1', 'commit-then-silence*1'])(
  'a change is repeated safely: %s',
  async (fault) => {
    const { id } = await crm.create('case', { correlationId: randomUUID(), values: values() });
    sandbox.faults.set([fault]);
    await crm.update('case', id, { priority: '1' });
    expect(sandbox.records.find(caseTable, `sys_id=${id}`)).toMatchObject([{ priority: '1' }]);
  },
);

describe('a note is added once', () => {
  const notes = (id: string, element: string) =>
    sandbox.records.find('sys_journal_field', `element_id=${id}^element=${element}`);

  test.each([
    [],
    ['commit-then-500*1'],
    ['commit-then-drop*1'],
    ['commit-then-silence*1'],
    ['commit-then-500*1', 'no-access:sys_journal_field'],
    ['commit-then-500*1', 'hidden-rows:sys_journal_field'],
    [`drop@/api/now/table/${caseTable}*1`],
  ])('%s %s', async (...faults) => {
    const { id } = await crm.create('case', { correlationId: randomUUID(), values: values() });
    sandbox.faults.set(faults);
    const token = randomUUID();
    const note = { visibility: 'work-note', token } as const;
    await crm.addNote(id, 'Called back, line was busy', { ...note, fresh: true });
    expect(await crm.addNote(id, 'Called back, line was busy', note)).toBe('already-there');
    sandbox.faults.set([]);
    expect(notes(id, 'work_notes')).toHaveLength(1);
    expect(await crm.addNote(id, 'Dear customer', { visibility: 'customer', token })).toBe('added');
    expect(notes(id, 'comments')).toHaveLength(1);
  });

  test('not at all where nobody can know', async () => {
    const { id } = await crm.create('case', { correlationId: randomUUID(), values: values() });
    sandbox.faults.set([
      'commit-then-500*1',
      'no-access:sys_journal_field',
      `hidden-field:${caseTable}.work_notes`,
    ]);
    const note = { visibility: 'work-note', token: randomUUID(), fresh: true } as const;
    expect((await failureOf(crm.addNote(id, 'Once', note))).code).toBe('uncertain');
    expect(notes(id, 'work_notes')).toHaveLength(1);
  });
});
