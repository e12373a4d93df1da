import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { overviewOf } from '../../src/desk/mend-store.ts';
import type { WriteAction } from '../../src/desk/outbox.ts';
import { startOutboxOffice } from '../support/outbox.ts';
import type { OutboxOffice } from '../support/outbox.ts';

let office: OutboxOffice;
const caseTable = 'sn_customerservice_case';

beforeAll(async () => {
  office = await startOutboxOffice();
  await office.startPump();
  await office.startPump();
});
afterAll(() => office.close());
beforeEach(() => {
  office.sandbox.faults.set([]);
  office.sandbox.requests.clear();
});

const newCase = (title = `Case ${randomUUID()}`): WriteAction => ({
  kind: 'create-case',
  values: { shortDescription: title, contactId: office.sandbox.lookups.uniqueContact().sysId },
});
const note = (ref: { write: string } | { id: string }, text: string): WriteAction => ({
  kind: 'add-note',
  case: ref,
  visibility: 'work-note',
  text,
});
const casesOf = (write: string) =>
  office.sandbox.records.find(caseTable, `correlation_id=${write}`);
/** The work notes of a case in the order in which they came. */
const notesOf = (caseId: string | null) => {
  const entries = office.sandbox.instance.database.store('sys_journal_field');
  return [...entries.edited()]
    .filter((entry) => entries.value(entry, 'element_id') === caseId)
    .map((entry) => entries.value(entry, 'value').split('\n')[0]);
};
const sent = () => office.sandbox.requests.list().length;

test('a lane keeps its order, and what an earlier write makes is known to the later ones', async () => {
  const lane = randomUUID();
  const made = await office.order(lane, newCase(), { callId: lane });
  const texts = Array.from({ length: 6 }, (_, index) => `note ${index}`);
  const notes = [];
  for (const text of texts) notes.push(await office.order(lane, note({ write: made }, text)));
  const values = { priority: '1' };
  const changed = await office.order(lane, { kind: 'update-case', case: { write: made }, values });
  await office.until('delivered', [made, ...notes, changed]);
  const { record_id: caseId } = await office.row(made);
  expect(casesOf(made)).toMatchObject([{ sys_id: caseId, priority: '1' }]);
  expect(notesOf(caseId)).toEqual(texts);
  // Whoever waits for it heard of it, and the mirror has it.
  const heard = office.settled.filter(({ id }) => id === made);
  expect(heard).toMatchObject([{ outcome: 'delivered', record: { type: 'case', id: caseId } }]);
  const { rows } = await sql<{ number: string }>`
    select number from crm_case where id = ${caseId}`.execute(office.db);
  expect(rows[0]?.number).toMatch(/^CS\d+/);
});

test('lanes do not wait for each other', async () => {
  // One case keeps its lane busy for as long as anybody waits.
  office.sandbox.faults.set([`latency:3000@/api/now/table/${caseTable}*1`]);
  const slow = await office.order(randomUUID(), newCase());
  while (office.sandbox.faults.list()[0]?.times !== 0) await sleep(5);
  const others = [];
  for (let index = 0; index < 5; index += 1)
    others.push(await office.order(randomUUID(), newCase()));
  await office.until('delivered', others);
  await office.until('delivered', [slow]);
  // The first of the others at least: on a busy machine all five may take longer than the slow one.
  const order = office.settled.map(({ id }) => id);
  expect(Math.min(...others.map((id) => order.indexOf(id)))).toBeLessThan(order.indexOf(slow));
});

test.each(['maintenance', 'drop'])(
  'while the instance fails little is sent, and afterwards everything goes at once, once: %s',
  async (fault) => {
    office.sandbox.faults.set([fault]);
    const lanes = Array.from({ length: 6 }, () => randomUUID());
    const made = await Promise.all(lanes.map((lane) => office.order(lane, newCase())));
    const notes = await Promise.all(
      lanes.map((lane, index) => office.order(lane, note({ write: made[index]! }, 'later'))),
    );
    while (sent() === 0) await sleep(20);
    await sleep(700);
    expect(sent()).toBeLessThan(20);
    office.sandbox.faults.set([]);
    await office.until('delivered', [...made, ...notes]);
    for (const id of made) {
      const [record, ...more] = casesOf(id);
      expect(more).toEqual([]);
      expect(notesOf(record?.['sys_id'] ?? null)).toEqual(['later']);
    }
  },
);

test('a limit is obeyed to the second', async () => {
  office.sandbox.faults.set(['rate-limit:3/2']);
  const made = await Promise.all(
    Array.from({ length: 5 }, () => office.order(randomUUID(), newCase())),
  );
  await office.until('delivered', made);
  const all = office.sandbox.requests.list();
  const refused = all.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  // Three are let through at a time; the first refusal stops all but those that are on their way, four at most.
  const turns = Math.ceil((all.length - refused.length) / 3);
  expect(refused.length).toBeLessThanOrEqual(4 * turns);
  for (const id of made) expect(casesOf(id)).toHaveLength(1);
});

test('after two refused sign-ins nothing is sent until somebody saves the new password', async () => {
  await office.saveConnection('changed in ServiceNow');
  const lane = randomUUID();
  const made = await office.order(lane, newCase());
  const noted = await office.order(lane, note({ write: made }, 'still here'));
  const refused = () =>
    office.sandbox.requests.list().filter(({ status }) => status === 401).length;
  while (refused() < 2) await sleep(20);
  const stopped = async () =>
    (await overviewOf(office.db, office.company.organizationId)).map((one) => one.stopped);
  await expect.poll(stopped).toEqual([true]);
  await sleep(1_200);
  expect(refused()).toBe(2);
  expect(await office.row(made)).toMatchObject({ state: 'waiting' });
  await office.saveConnection();
  expect(await stopped()).toEqual([false]);
  await office.until('delivered', [made, noted]);
  expect(casesOf(made)).toHaveLength(1);
  // Also where the password was right and the user was locked: it is saved as it was.
  office.sandbox.faults.set(['refuse-sign-in']);
  const later = await office.order(lane, newCase());
  while (!(await stopped()).includes(true)) await sleep(20);
  office.sandbox.faults.set([]);
  await office.saveConnection();
  await office.until('delivered', [later]);
});

describe('a write that can never succeed', () => {
  test('is put up for attention in the words of the instance; others of its lane go on', async () => {
    const lane = randomUUID();
    const good = await office.order(lane, newCase());
    await office.until('delivered', [good]);
    office.sandbox.faults.set([`data-policy:${caseTable}.description`]);
    const refused = await office.order(lane, newCase());
    const dependent = await office.order(lane, note({ write: refused }, 'waits'));
    await office.until('attention', [refused]);
    office.sandbox.faults.set([]);
    const other = await office.order(lane, note({ write: good }, 'goes on'));
    await office.until('delivered', [other]);
    const row = await office.row(refused);
    expect(row).toMatchObject({ code: 'rejected' });
    expect(row.reason).toContain('Description is mandatory');
    expect(await office.row(dependent)).toMatchObject({ state: 'waiting', attempts: 0 });
  });

  test('a closed case, a record that is gone', async () => {
    const lane = randomUUID();
    const gone = await office.order(lane, note({ id: 'f'.repeat(32) }, 'to nobody'));
    const made = await office.order(lane, newCase());
    await office.until('delivered', [made]);
    await office.until('attention', [gone]);
    expect((await office.row(gone)).code).toBe('not-found');
    const { record_id: id } = await office.row(made);
    office.sandbox.records.update(caseTable, id!, {
      state: '3',
      close_notes: 'x',
      resolution_code: 'y',
    });
    const late = await office.order(lane, note({ id: id! }, 'too late'));
    await office.until('attention', [late]);
    expect((await office.row(late)).reason).toContain('closed cases');
  });

  test('also when it alone fails again and again', async () => {
    const id = 'e'.repeat(32);
    office.sandbox.faults.set([`maintenance@/api/now/table/${caseTable}/${id}`]);
    const values = { priority: '1' };
    const poison = await office.order(randomUUID(), { kind: 'update-case', case: { id }, values });
    while ((await office.row(poison)).state !== 'attention') {
      await office.until('delivered', [await office.order(randomUUID(), newCase())]);
      // Its waits grow to minutes: that time is made to have gone by.
      await sql`
        update outbox_write set own_failures = 7, next_at = clock_timestamp()
        where id = ${poison} and state = 'waiting' and code is not null`.execute(office.db);
    }
    const row = await office.row(poison);
    expect(row.reason).toContain('failed 8 times while others went through');
  });
});

describe('a node that died in the middle of sending', () => {
  const abandoned = (id: string) =>
    sql`
    update outbox_write set state = 'sending', owner = ${randomUUID()}, lease_until = clock_timestamp() - interval '1 second'
    where id = ${id}`.execute(office.db);

  test('had sent it: the record is found, and not made again', async () => {
    const made = await office.order(randomUUID(), newCase());
    await office.until('delivered', [made]);
    const before = await office.row(made);
    await abandoned(made);
    await office.until('delivered', [made]);
    expect((await office.row(made)).record_id).toBe(before.record_id);
    expect(casesOf(made)).toHaveLength(1);
  });

  test('may have sent it: what is still under way is waited for', async () => {
    const made = await office.db.transaction().execute(async (trx) => {
      const id = randomUUID();
      await sql`insert into outbox_write (organization_id, id, connection_id, lane, subject, kind, action, state, owner, lease_until)
        values (${office.company.organizationId}, ${id}, ${office.company.connectionId}, ${id}, 'Case', 'create-case',
          ${JSON.stringify(newCase())}, 'sending', ${randomUUID()}, clock_timestamp())`.execute(
        trx,
      );
      return id;
    });
    // The dead node's request reaches the table only now.
    await sleep(400);
    office.sandbox.records.insert(caseTable, { correlation_id: made, short_description: 'Late' });
    await office.until('delivered', [made]);
    expect(casesOf(made)).toMatchObject([{ short_description: 'Late' }]);
  });
});
