import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { CrmConnection, Settings } from '../../src/crm/port.ts';
import type { CallLog, LoggedCall } from '../../src/crm/write.ts';
import { codeOf, connectTo } from './connection.ts';

let sandbox: Sandbox;
let open: CrmConnection[] = [];
let caseId = '';

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 300, seed: 3 });
  const { sysId } = sandbox.lookups.uniqueContact();
  const crm = connect();
  const made = await crm.create('case', {
    correlationId: randomUUID(),
    values: { shortDescription: 'Scanner is silent', contactId: sysId },
    fresh: true,
  });
  caseId = made.id;
});
afterAll(async () => {
  await Promise.all(open.map((crm) => crm.close()));
  await sandbox.close();
});
beforeEach(() => {
  sandbox.faults.set([]);
  sandbox.requests.clear();
});

/** Each with what it knows of the instance of its own. */
function connect(logCalls?: string): CrmConnection {
  const settings: Settings = logCalls === undefined ? {} : { logCalls };
  const crm = connectTo(sandbox, settings, undefined, { timeoutMs: 1000 });
  open = [...open, crm];
  return crm;
}

const aCall = (more: Partial<CallLog> = {}): CallLog => ({
  correlationId: randomUUID(),
  direction: 'inbound',
  answered: true,
  number: '+493012345678',
  startedAt: '2026-11-04T21:45:00.000Z',
  endedAt: '2026-11-04T21:48:20.000Z',
  seconds: 190,
  agentId: null,
  party: { type: 'contact', id: sandbox.lookups.uniqueContact().sysId },
  customerId: null,
  caseIds: [caseId],
  shortDescription: 'Inbound call from Ada Berg, 3 min 10 s',
  text: 'Inbound call\n21:45:10 Alice Adams answered',
  notes: '',
  ...more,
});

const fresh = () => ({ token: randomUUID(), fresh: true });
const interactionsOf = (log: CallLog) =>
  sandbox.records.find('interaction', `correlation_id=${log.correlationId}`);
const linksOf = (logged: LoggedCall) =>
  sandbox.records.find('interaction_related_record', `interaction=${logged.id}`);
const notesOf = (id: string | null) =>
  sandbox.records
    .find('sys_journal_field', `element_id=${id}^element=work_notes`)
    .map((entry) => entry['value'] ?? '');

describe('a call is written down once, in the way that the instance has', () => {
  test('as a voice interaction with its phone log, in one request', async () => {
    const crm = connect();
    const log = aCall();
    await crm.logCall(aCall({ caseIds: [] }), fresh());
    sandbox.requests.clear();
    const logged = await crm.logCall(log, fresh());
    expect(logged).toMatchObject({ way: 'voice-interaction', caseIds: [caseId] });
    expect(logged.number).toMatch(/^IMS\d+$/);
    expect(sandbox.requests.list()).toHaveLength(1);
    expect(interactionsOf(log)).toMatchObject([
      {
        type: 'phone',
        state: 'closed_complete',
        direction: 'inbound',
        caller_phone_number: '+493012345678',
        contact: log.party?.id,
        opened_for: log.party?.id,
        opened_at: '2026-11-04 21:45:00',
        closed_at: '2026-11-04 21:48:20',
      },
    ]);
    expect(
      sandbox.records.find('sn_openframe_phone_log', `call_id=${log.correlationId}`),
    ).toHaveLength(1);
    expect(linksOf(logged)).toMatchObject([{ document_id: caseId }]);
    expect(notesOf(logged.id)[0]).toContain('Alice Adams answered');
  });

  test('as an interaction where OpenFrame is absent or closed, and for a hidden number', async () => {
    sandbox.faults.set(['openframe-off']);
    const crm = connect();
    const log = aCall({ answered: false });
    const logged = await crm.logCall(log, fresh());
    expect(logged.way).toBe('interaction');
    expect(interactionsOf(log)).toMatchObject([{ state: 'closed_abandoned' }]);
    expect(linksOf(logged)).toMatchObject([
      { document_id: caseId, document_table: 'sn_customerservice_case' },
    ]);
    sandbox.requests.clear();
    await crm.logCall(aCall(), fresh());
    const asked = sandbox.requests.list().filter(({ path }) => path.includes('openframe'));
    expect(asked).toEqual([]);
    sandbox.faults.set([]);
    expect((await connect().logCall(aCall({ number: '' }), fresh())).way).toBe('interaction');
  });

  test.each(['no-write', 'business-rule'])(
    'once, where OpenFrame makes the interaction and is refused the phone log: %s',
    async (fault) => {
      const crm = connect();
      sandbox.faults.set([`${fault}:sn_openframe_phone_log`]);
      const log = aCall();
      const logged = await crm.logCall(log, fresh());
      expect(logged.way).toBe('interaction');
      expect(interactionsOf(log)).toMatchObject([{ sys_id: logged.id, state: 'closed_complete' }]);
      expect(linksOf(logged)).toMatchObject([{ document_id: caseId }]);
      expect(notesOf(logged.id)).toHaveLength(1);
      // Where the setting asks for it alone, the refusal is told.
      const alone = connect('voice-interaction').logCall(aCall(), fresh());
      expect(await codeOf(alone)).toBe(fault === 'no-write' ? 'no-access' : 'rejected');
    },
  );

  test('as a work note where there are no interactions; not at all without a tagged case', async () => {
    sandbox.faults.set(['openframe-off', 'interaction-off']);
    const crm = connect();
    const log = aCall({ text: `Inbound call ${randomUUID()}` });
    expect(await crm.logCall(log, fresh())).toMatchObject({ way: 'work-note', caseIds: [caseId] });
    expect(notesOf(caseId).filter((note) => note.includes(log.text))).toHaveLength(1);
    const untagged = await crm.logCall(aCall({ caseIds: [] }), fresh());
    expect(untagged).toMatchObject({ way: 'none', id: null });
    // Tagged afterwards.
    const tagged = { ...log, caseIds: [caseId], text: `Late tag ${randomUUID()}` };
    const late = await crm.logCall(tagged, { ...fresh(), earlier: untagged });
    expect(late.way).toBe('work-note');
    expect(notesOf(caseId).filter((note) => note.includes(tagged.text))).toHaveLength(1);
  });

  test('as the setting says', async () => {
    expect((await connect('interaction').logCall(aCall(), fresh())).way).toBe('interaction');
    expect((await connect('work-note').logCall(aCall(), fresh())).way).toBe('work-note');
    const off = connect('off');
    expect([off.logsCalls(), connect().logsCalls()]).toEqual([false, true]);
    sandbox.faults.set(['openframe-off']);
    expect(await codeOf(connect('voice-interaction').logCall(aCall(), fresh()))).toBe(
      'csm-inactive',
    );
  });

  test('linked with the caller where interactions have no column for them', async () => {
    sandbox.faults.set(['openframe-off', 'hidden-field:interaction.contact']);
    const log = aCall();
    const logged = await connect().logCall(log, fresh());
    expect(linksOf(logged)).toHaveLength(2);
    expect(linksOf(logged)).toContainEqual(
      expect.objectContaining({ document_table: 'customer_contact', document_id: log.party?.id }),
    );
    expect(interactionsOf(log)[0]?.['contact']).toBe('');
  });
});

test.each([
  ['', 'commit-then-500*1'],
  ['', 'commit-then-drop*1'],
  ['', 'drop@/api/now/openframe*1'],
  ['openframe-off', 'commit-then-500*1'],
  ['openframe-off', 'commit-then-drop:interaction_related_record*1'],
])('an answer is lost, and nothing is there twice: %s %s', async (absent, fault) => {
  const crm = connect();
  sandbox.faults.set(absent === '' ? [fault] : [absent, fault]);
  const log = aCall();
  const token = randomUUID();
  const logged = await crm.logCall(log, { token, fresh: true });
  sandbox.faults.set(absent === '' ? [] : [absent]);
  const again = await crm.logCall(log, { token });
  expect(again).toEqual(logged);
  expect(interactionsOf(log)).toHaveLength(1);
  expect(linksOf(logged)).toHaveLength(1);
  expect(notesOf(logged.id)).toHaveLength(1);
});

test.each(['voice-interaction', 'interaction'])(
  'what is known later goes into the same record: %s',
  async (way) => {
    const crm = connect(way);
    const log = aCall({ caseIds: [] });
    const logged = await crm.logCall(log, fresh());
    const more = {
      ...log,
      caseIds: [caseId],
      shortDescription: 'Inbound call from Ada Berg, solved',
      text: `${log.text}\nWrap-up: Solved`,
      notes: 'Note by Alice Adams: they will call back',
    };
    const token = randomUUID();
    sandbox.faults.set(['commit-then-500*1']);
    const updated = await crm.logCall(more, { token, fresh: true, earlier: logged });
    expect(await crm.logCall(more, { token, earlier: logged })).toEqual(updated);
    expect(updated).toEqual({ ...logged, caseIds: [caseId], text: `${more.text}\n${more.notes}` });
    expect(interactionsOf(log)).toMatchObject([
      { sys_id: logged.id, short_description: 'Inbound call from Ada Berg, solved' },
    ]);
    expect(linksOf(updated)).toMatchObject([{ document_id: caseId }]);
    const notes = notesOf(logged.id);
    expect(notes).toHaveLength(2);
    const update = notes.find((note) => note.includes('Wrap-up: Solved')) ?? '';
    expect(update).toContain('call back');
    expect(update).not.toContain('answered');
  },
);

test('a try that was cut off may be under way: nothing is sent again before that is over', async () => {
  const crm = connect('interaction');
  await crm.logCall(aCall(), fresh());
  const log = aCall({ caseIds: [] });
  sandbox.faults.set(['latency:600@/api/now/table/interaction*1']);
  const hangsUp = AbortSignal.timeout(100);
  const begin = new Date();
  const cutOff = crm.logCall(log, { ...fresh(), signal: hangsUp });
  await expect(cutOff).rejects.toThrow(/cancelled|aborted/);
  const second = { token: randomUUID(), attempts: 1, doubtSince: begin };
  expect(await codeOf(crm.logCall(log, second))).toBe('unsettled');
  expect(interactionsOf(log)).toHaveLength(0);
  const logged = await crm.logCall(log, { ...second, attempts: 5 });
  expect(logged.number).toMatch(/^IMS/);
  expect(interactionsOf(log)).toHaveLength(1);
});
