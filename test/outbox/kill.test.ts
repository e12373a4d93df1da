import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commentCase } from '../../src/desk/comment-case.ts';
import { openGathered } from '../../src/platform/log.testing.ts';
import { createCase } from '../../src/desk/create-case.ts';
import { finishWrapUp } from '../../src/desk/finish-wrap-up.ts';
import { noteMissedCalls } from '../../src/desk/note-missed-calls.ts';
import { RingingPhones } from '../../src/desk/ringing.testing.ts';
import { fillMirror } from '../../src/desk/testing.ts';
import { watchCalls } from '../../src/desk/watch-calls.ts';
import { newCase } from '../../src/desk/work-contract.ts';
import { saveCallHandling } from '../../src/organization/call-handling-store.ts';
import { callHandling } from '../../src/organization/call-handling.ts';
import { setSeatTotals } from '../../src/organization/organization-store.ts';
import { newId } from '../../src/platform/id.ts';
import { long } from '../support/long.ts';
import { startOutboxOffice } from '../support/outbox.ts';
import type { OutboxOffice } from '../support/outbox.ts';

/*
 * A process that delivers the outbox is killed with -9 at random moments while calls end, cases are made and notes are written, missed calls open cases by rule, and
 * the instance does what instances do: it commits and answers 500, hangs up, is slow, refuses. At the end every case, note and call
 * must be there once, in order. 50 kills with `npm run test:long`.
 */

const kills = long ? 50 : 4;
let office: OutboxOffice;
let phones: RingingPhones;
const ready: ChildProcess[] = [];
const calls: string[] = [];

beforeAll(async () => {
  office = await startOutboxOffice();
  phones = new RingingPhones(office.db, office.company, [watchCalls, noteMissedCalls(0)]);
});
afterAll(async () => {
  for (const child of ready) child.kill('SIGKILL');
  await office.close();
});

function startAhead(): void {
  const order = JSON.stringify({ connection: office.connection, key: office.key });
  while (ready.length < 2) {
    const args = [join(import.meta.dirname, '../support/outbox-process.ts'), order];
    const log = openGathered();
    ready.push(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', log.fd] }));
    log.close();
  }
}

async function begin(): Promise<ChildProcess> {
  startAhead();
  const child = ready.shift()!;
  startAhead();
  child.stdin!.write('go\n');
  await once(child.stdout!, 'data');
  return child;
}

/** True when something was under way. */
async function killed(child: ChildProcess): Promise<boolean> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  // A lease ends 15 s after the last sign of life: that time is made to have gone by.
  const { numAffectedRows = 0n } = await sql`
    update outbox_write set lease_until = clock_timestamp() where state = 'sending'`.execute(
    office.db,
  );
  return numAffectedRows > 0n;
}

const remark = (text: string) =>
  ({ request: newId(), visibility: 'work-note', text, customerSeesIt: false }) as const;

const number = () => `+49171${randomInt(1_000_000, 9_999_999)}`;

/** Somebody calls twice in vain: a rule opens a case, and notes the second call on it. */
async function missTwice(): Promise<void> {
  const caller = number();
  for (const _ of [1, 2]) {
    const callId = await phones.ring(caller);
    calls.push(callId);
    await phones.hangUp(callId);
  }
}

/** One call with a case, two remarks and a note. */
async function work(): Promise<void> {
  const { deps } = phones;
  const alice = phones.viewer('201', { name: 'Alice Adams' });
  const callId = await phones.ring(number());
  calls.push(callId);
  await phones.answer(callId);
  const title = `Case of ${callId}`;
  const made = newCase.parse({ request: newId(), shortDescription: title });
  await createCase(deps, alice, callId, made);
  for (const text of ['first remark', 'second remark'])
    await commentCase(deps, alice, callId, remark(text));
  await phones.hangUp(callId);
  const note = { text: 'and the note', base: 0, editor: 'a', step: 1 };
  const finish = { request: newId(), codeId: null, secondsWorked: 60, note };
  await finishWrapUp(deps, alice, callId, finish);
}

const faults = [
  ['commit-then-500*1'],
  ['commit-then-drop*1'],
  ['latency:300*3'],
  ['busy*1'],
  ['drop*1', 'latency:200*2'],
  ['rate-limit:5/1'],
  ['maintenance*1'],
];

test(`killed ${kills} times, every case, note and call is in ServiceNow once and in order`, async () => {
  const { db, sandbox } = office;
  const { organizationId } = office.company;
  await setSeatTotals(db, organizationId, { View: 1, Core: 0, Engage: 1, Enterprise: 0 });
  const missedCalls = { openCase: true, knownOnly: false };
  await saveCallHandling(db, organizationId, callHandling.parse({ missedCalls }));
  await fillMirror(db, office.company, []);
  let inTheMiddle = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    sandbox.faults.set(faults[randomInt(faults.length)]!);
    const child = await begin();
    await work();
    await missTwice();
    await sleep(randomInt(0, 500));
    if (await killed(child)) inTheMiddle += 1;
  }
  sandbox.faults.set([]);
  const last = await begin();
  for (;;) {
    const { rows } = await sql<{ open: boolean }>`
      select exists (select from call_log_due) or exists (select from missed_call_due)
        or exists (select from outbox_write where state in ('waiting', 'sending')) as open`.execute(
      db,
    );
    if (rows[0]?.open === false) break;
    await sleep(50);
  }
  await killed(last);

  const { rows: writes } = await sql<{ id: string; kind: string; state: string; case_id: string }>`
    select id, kind, state, record_id as case_id from outbox_write order by position`.execute(db);
  expect(writes.filter(({ state }) => state !== 'delivered')).toEqual([]);
  const isOnce = (table: string, id: string) => {
    expect(sandbox.records.find(table, `correlation_id=${id}`)).toHaveLength(1);
  };
  for (const { id } of writes.filter(({ kind }) => kind === 'create-case'))
    isOnce('sn_customerservice_case', id);
  for (const callId of calls) isOnce('interaction', callId);
  expect(sandbox.records.find('interaction', '')).toHaveLength(calls.length);

  const entries = sandbox.instance.database.store('sys_journal_field');
  const tokensOf = (caseId: string) =>
    [...entries.edited()]
      .filter((entry) => entries.value(entry, 'element_id') === caseId)
      .map((entry) => /\[([0-9a-f-]{36})\]$/.exec(entries.value(entry, 'value'))?.[1]);
  const notes = writes.filter(({ kind }) => kind === 'add-note');
  const byCase = Map.groupBy(notes, (note) => note.case_id);
  for (const [caseId, ofCase] of byCase)
    expect(tokensOf(caseId)).toEqual(ofCase.map(({ id }) => id));
  // Of each round: a case by the agent with three notes, one by rule with one.
  expect(byCase.size).toBe(kills * 2);
  expect(notes).toHaveLength(kills * 4);
  const { rows: missed } = await sql`select times from missed_call`.execute(db);
  expect(missed).toEqual(Array.from({ length: kills }, () => ({ times: 2 })));
  console.log(
    `${kills} kills, ${inTheMiddle} of them in the middle of a request: ${calls.length} calls, ${byCase.size} cases and ${notes.length} notes, each once and in order`,
  );
}, 1_200_000);
