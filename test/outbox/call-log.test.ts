import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newContact } from '../../src/desk/caller-contract.ts';
import { createCase } from '../../src/desk/create-case.ts';
import { createContact } from '../../src/desk/create-contact.ts';
import { finishWrapUp } from '../../src/desk/finish-wrap-up.ts';
import { logCalls } from '../../src/desk/log-calls.ts';
import { RingingPhones } from '../../src/desk/ringing.testing.ts';
import { fillMirror } from '../../src/desk/testing.ts';
import { newCase } from '../../src/desk/work-contract.ts';
import { callHandling } from '../../src/organization/call-handling.ts';
import { saveCallHandling } from '../../src/organization/call-handling-store.ts';
import { newId } from '../../src/platform/id.ts';
import { startOutboxOffice } from '../support/outbox.ts';
import type { OutboxOffice } from '../support/outbox.ts';

let office: OutboxOffice;
let phones: RingingPhones;
let ada: { sysId: string; number: string };

beforeAll(async () => {
  office = await startOutboxOffice();
  phones = new RingingPhones(office.db, office.company);
  ada = office.sandbox.lookups.uniqueContact();
  const raw = ada.number;
  await fillMirror(office.db, office.company, [{ id: ada.sysId, name: 'Ada Berg', raw, cases: 0 }]);
  await office.startPump();
  await office.startPump();
}, 60_000);
afterAll(() => office.close());
beforeEach(() => office.sandbox.faults.set([]));

/** Waits until nothing is to be looked at or sent any more. */
async function settled(): Promise<void> {
  for (;;) {
    await logCalls({ db: office.db });
    const { rows } = await sql<{ open: boolean }>`
      select exists (select from call_log_due)
        or exists (select from outbox_write where state in ('waiting', 'sending')) as open`.execute(
      office.db,
    );
    if (rows[0]?.open === false) return;
    await sleep(30);
  }
}

const interactionsOf = (callId: string) =>
  office.sandbox.records.find('interaction', `correlation_id=${callId}`);
const allInteractions = () => office.sandbox.records.find('interaction', '').length;
function notesOf(id: string | undefined): string {
  const entries = office.sandbox.instance.database.store('sys_journal_field');
  return [...entries.edited()]
    .filter((entry) => entries.value(entry, 'element_id') === id)
    .map((entry) => entries.value(entry, 'value'))
    .join('\n');
}

describe('every call is written down when it ends, once', () => {
  test('with its journey, its contact and who had it last', async () => {
    const callId = await phones.ring(ada.number);
    await phones.answer(callId);
    await phones.transfer(callId, '201', '202');
    phones.pass(125);
    await phones.hangUp(callId);
    await settled();
    const [record, ...more] = interactionsOf(callId);
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      type: 'phone',
      direction: 'inbound',
      state: 'closed_complete',
      contact: ada.sysId,
      opened_for: ada.sysId,
      assigned_to: 'user202',
    });
    expect(record?.['short_description']).toMatch(
      /^Inbound call from Ada Berg \(.*\): answered by Bob Miller, 2 min \d+ s$/,
    );
    const journey = notesOf(record?.['sys_id']).replaceAll(/\d\d:\d\d:\d\d/g, 'TIME');
    expect(journey).toContain(
      [
        'TIME Rang Alice Adams',
        'TIME Alice Adams answered',
        'TIME Rang Bob Miller',
        'Transferred (blind) by Alice Adams to Bob Miller',
        'TIME Bob Miller answered',
        'TIME Ended: answered, talked 2 min',
      ].join('\n'),
    );
  });

  test('also one that nobody knows and nobody took', async () => {
    const callId = await phones.ring('+4917612345678');
    await phones.hangUp(callId);
    await settled();
    expect(interactionsOf(callId)).toMatchObject([
      { state: 'closed_abandoned', contact: '', caller_phone_number: '+4917612345678' },
    ]);
  });

  test('what was never looked at because the hub was killed is looked at by the next', async () => {
    const before = allInteractions();
    office.sandbox.faults.set(['maintenance']);
    const callId = await phones.ring('+4917612345679');
    await phones.hangUp(callId);
    office.sandbox.faults.set([]);
    await settled();
    await Promise.all([logCalls({ db: office.db }), logCalls({ db: office.db })]);
    await settled();
    expect(interactionsOf(callId)).toHaveLength(1);
    expect(allInteractions()).toBe(before + 1);
  });

  test('as the organization wants it', async () => {
    const { organizationId } = office.company;
    const before = allInteractions();
    const internal = await phones.ring('203');
    await phones.hangUp(internal);
    const logging = { directions: ['inbound'], results: ['answered'], minimumSeconds: 30 };
    await saveCallHandling(office.db, organizationId, callHandling.parse({ logging }));
    const missed = await phones.ring(ada.number);
    await phones.hangUp(missed);
    const short = await phones.ring(ada.number);
    await phones.answer(short);
    await phones.hangUp(short);
    const outbound = await phones.ring(ada.number, '201', 'outbound');
    await phones.hangUp(outbound);
    await settled();
    expect(allInteractions()).toBe(before);
    await saveCallHandling(office.db, organizationId, callHandling.parse({}));
  });
});

describe('what is known later goes into the same record', () => {
  const alice = () => phones.viewer('201', { name: 'Alice Adams' });
  const ofOne = (callId: string) => {
    const [record, ...more] = interactionsOf(callId);
    expect(more).toEqual([]);
    return record;
  };

  test('a case that is made, the note and the wrap-up', async () => {
    const callId = await phones.ring(ada.number);
    await phones.answer(callId);
    await createCase(
      phones.deps,
      alice(),
      callId,
      newCase.parse({ request: newId(), shortDescription: 'Scanner broken' }),
    );
    await phones.hangUp(callId);
    await settled();
    const first = ofOne(callId);
    await finishWrapUp(phones.deps, alice(), callId, {
      ...{ request: newId(), codeId: null, secondsWorked: 300 },
      note: { text: 'Sends a new one', base: 0, editor: 'a', step: 1 },
    });
    await settled();
    const record = ofOne(callId);
    expect(record?.['sys_id']).toBe(first?.['sys_id']);
    const [made] = office.sandbox.records.find(
      'sn_customerservice_case',
      'short_description=Scanner broken',
    );
    expect(
      office.sandbox.records.find(
        'interaction_related_record',
        `interaction=${record?.['sys_id']}`,
      ),
    ).toMatchObject([{ document_id: made?.['sys_id'] }]);
    const notes = notesOf(record?.['sys_id']);
    expect(notes.split('Alice Adams answered')).toHaveLength(2);
    expect(notes).toContain('Time worked by Alice Adams: 5 min');
    expect(notes).toContain('Note by Alice Adams: Sends a new one');
  });

  test('that two calls were one', async () => {
    const before = allInteractions();
    const whole = await phones.ring(ada.number);
    const part = await phones.ring(ada.number, '202');
    await phones.answer(part, '202');
    await phones.hangUp(part);
    await settled();
    await phones.merge(part, whole);
    await phones.hangUp(whole);
    await settled();
    expect(allInteractions()).toBe(before + 1);
    expect(notesOf(ofOne(part)?.['sys_id'])).toContain('Bob Miller answered');
  });

  test('who it was', async () => {
    const unknown = await phones.ring('+4917612340000');
    await phones.answer(unknown);
    await phones.hangUp(unknown);
    await settled();
    expect(ofOne(unknown)?.['contact']).toBe('');
    const contact = newContact.parse({ firstName: 'Uwe', lastName: 'Neumann', field: 'phone' });
    await createContact(phones.deps, alice(), unknown, contact);
    await settled();
    const [made] = office.sandbox.records.find(
      'customer_contact',
      'first_name=Uwe^last_name=Neumann',
    );
    expect(ofOne(unknown)?.['contact']).toBe(made?.['sys_id']);
  });
});
