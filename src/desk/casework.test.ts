import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { saveCallHandling } from '../organization/call-handling-store.ts';
import { callHandling } from '../organization/call-handling.ts';
import { updatePeople } from '../organization/person-store.ts';
import { testLog } from '../platform/log.testing.ts';
import { changeCase } from './change-case.ts';
import { commentCase } from './comment-case.ts';
import { createCase } from './create-case.ts';
import { dismissPop } from './dismiss-pop.ts';
import { finishWrapUp, setWrapUp } from './finish-wrap-up.ts';
import type { WriteAction } from './outbox.ts';
import { RingingPhones } from './ringing.testing.ts';
import { readNotes, saveNote } from './save-note.ts';
import { sendNote } from './send-note.ts';
import { tagCase, untagCase } from './tag-case.ts';
import { fillMirror, testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';
import { newCase, noteSave } from './work-contract.ts';
import { lookAfterWrapUps } from './wrap-up-keeper.ts';

let database: TestDatabase;
let company: TestCompany;
let phones: RingingPhones;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  company = await testCompany(database.db);
  phones = new RingingPhones(database.db, company);
  await fillMirror(database.db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 2 },
  ]);
});

const number = '+49 30 123450';
const alice = (change = {}) => phones.viewer('201', { name: 'Alice Adams', ...change });
const bob = () => phones.viewer('202', { name: 'Bob Miller' });
const keyOf = (id: string) => `case:${company.connectionId}:${id}`;
let step = 0;
const typed = (text: string, base: number, editor = 'window-a') =>
  noteSave.parse({ text, base, editor, step: (step += 1) });
const finish = (change: object = {}) => ({
  request: newId(),
  codeId: null,
  secondsWorked: null,
  ...change,
});

/** What was ordered for a call, in its order. */
async function orders(callId: string): Promise<WriteAction[]> {
  const { rows } = await database.pool.query<{ action: WriteAction }>(
    'select action from outbox_write where organization_id = $1 and call_id = $2 order by position',
    [company.organizationId, callId],
  );
  return rows.map((row) => row.action);
}

async function rules(wrapUp: object): Promise<void> {
  const settings = callHandling.parse({ wrapUp });
  await saveCallHandling(database.db, company.organizationId, settings);
}

async function talk(extension: '201' | '202' = '201'): Promise<string> {
  const callId = await phones.ring(number, extension);
  await phones.answer(callId, extension);
  return callId;
}

describe('a note', () => {
  test('is kept as typed, shown to colleagues, and goes along with a transfer', async () => {
    const callId = await talk();
    const text = 'First line\n\tsecond \u202eline';
    const note = await saveNote(phones.deps, alice(), callId, typed(text, 0));
    expect(note).toMatchObject({ text: 'First line\n\tsecond line', version: 1 });
    await phones.transfer(callId, '201', '202');
    await saveNote(phones.deps, bob(), callId, typed('Took over', 0));
    const { work } = await phones.pop(callId, '202');
    expect(work.note.text).toBe('Took over');
    expect(work.colleagues).toMatchObject([{ name: 'Alice Adams', text: note.text }]);
    expect((await phones.pop(callId, '201')).work.colleagues).toMatchObject([
      { name: 'Bob Miller' },
    ]);
  });

  test('does not overwrite what another window wrote', async () => {
    const callId = await talk();
    await saveNote(phones.deps, alice(), callId, typed('From one window', 0));
    const other = saveNote(phones.deps, alice(), callId, typed('From another', 0, 'window-b'));
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    expect((await phones.pop(callId)).work.note.text).toBe('From one window');
  });

  test('is sent once, and what is written later as an addition', async () => {
    const callId = await talk();
    const none = sendNote(phones.deps, alice(), callId, { request: newId(), note: typed('X', 0) });
    await expect(none).rejects.toMatchObject({ code: 'conflict', message: /No case is tagged/ });
    await tagCase(phones.deps, alice(), callId, keyOf('ada0'));
    const request = newId();
    const sending = { request, note: typed('Printer on fire', 0) };
    const pop = await sendNote(phones.deps, alice(), callId, sending);
    expect(pop.work.note).toMatchObject({ text: '', sent: [{ text: 'Printer on fire' }] });
    // The answer was lost and the browser asks again; then a save that was under way arrives.
    await sendNote(phones.deps, alice(), callId, sending);
    const late = saveNote(phones.deps, alice(), callId, typed('Printer on fire', 0));
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    const { version } = pop.work.note;
    const addition = { request: newId(), note: typed('It is out', version) };
    await sendNote(phones.deps, alice(), callId, addition);
    expect(await orders(callId)).toMatchObject([
      { kind: 'add-note', visibility: 'work-note', case: { id: 'ada0' } },
      { text: 'It is out\n\nAlice Adams, call with Ada Berg (+49 30 123450)' },
    ]);
  });

  test('goes along into the call that a consultation turns out to be part of', async () => {
    const consultation = await talk();
    await saveNote(phones.deps, alice(), consultation, typed('In the consultation', 0));
    await tagCase(phones.deps, alice(), consultation, keyOf('ada1'));
    const call = await talk();
    await saveNote(phones.deps, alice(), call, typed('In the call', 0));
    await phones.merge(consultation, call);
    const { work } = await phones.pop(call);
    expect(work.note.text).toBe('In the call\nIn the consultation');
    expect(work.case).toMatchObject({ number: 'CS0001' });
    // A window that has not heard of it.
    const { version } = work.note;
    const note = await saveNote(phones.deps, alice(), consultation, typed('Both', version));
    expect(note.text).toBe('Both');
    expect((await phones.pop(call)).work.note.text).toBe('Both');
  });

  test('is nobody’s to write who had no part in the call; supervisors may read', async () => {
    const callId = await talk();
    await saveNote(phones.deps, alice(), callId, typed('Mine', 0));
    const others = saveNote(phones.deps, bob(), callId, typed('Yours', 0));
    await expect(others).rejects.toMatchObject({ code: 'not-found' });
    await expect(readNotes(database.db, bob(), callId)).rejects.toMatchObject({
      code: 'not-found',
    });
    const supervisor = { ...bob(), role: 'supervisor' as const };
    const seen = await readNotes(database.db, supervisor, callId);
    expect(seen).toMatchObject({ own: { version: 0 }, colleagues: [{ text: 'Mine' }] });
    const write = saveNote(phones.deps, supervisor, callId, typed('Yours', 0));
    await expect(write).rejects.toMatchObject({ code: 'not-found' });
    const stranger = {
      ...supervisor,
      organizationId: (await testCompany(database.db)).organizationId,
    };
    await expect(readNotes(database.db, stranger, callId)).rejects.toMatchObject({
      code: 'not-found',
    });
    const noPlan = saveNote(phones.deps, alice({ plan: null }), callId, typed('Mine', 1));
    await expect(noPlan).rejects.toMatchObject({ code: 'plan-required' });
  });
});

describe('a case', () => {
  test('is tagged, changed and untagged; what is on its way is shown as it will be', async () => {
    const callId = await talk();
    const tagged = await tagCase(phones.deps, alice(), callId, keyOf('ada0'));
    expect(tagged.work.case).toMatchObject({
      key: keyOf('ada0'),
      number: 'CS0000',
      contact: 'Ada Berg',
      priority: { label: '2 - High', write: null },
    });
    const change = { request: newId(), priority: '1', assignedToId: undefined };
    const changed = await changeCase(phones.deps, alice(), callId, change);
    const write = changed.work.writes[0]?.id;
    expect(changed.work.case?.priority).toEqual({ value: '1', label: '1', write });
    await database.pool.query(`update outbox_write set state = 'attention' where id = $1`, [write]);
    expect((await phones.pop(callId)).work.case?.priority).toMatchObject({ value: '2' });
    const untagged = await untagCase(phones.deps, alice(), callId);
    expect(untagged.work.case).toBeNull();
    const nothing = changeCase(phones.deps, alice(), callId, change);
    await expect(nothing).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of another organization, or none at all, cannot be tagged', async () => {
    const callId = await talk();
    const other = await testCompany(database.db);
    await fillMirror(database.db, other, [{ id: 'eve', name: 'Eve', raw: '1', cases: 1 }]);
    for (const key of [`case:${other.connectionId}:eve0`, keyOf('nobody'), 'case:x:y', 'nonsense'])
      await expect(tagCase(phones.deps, alice(), callId, key)).rejects.toMatchObject({
        code: 'invalid-input',
        fields: [{ field: 'key' }],
      });
    const bobs = tagCase(phones.deps, bob(), callId, keyOf('ada0'));
    await expect(bobs).rejects.toMatchObject({ code: 'not-found' });
  });

  test('is made for the caller once, tagged at once, and notes wait for it', async () => {
    const callId = await talk();
    const input = newCase.parse({
      request: newId(),
      shortDescription: ' Printer\non fire ',
      priority: '1',
    });
    const pop = await createCase(phones.deps, alice(), callId, input);
    await createCase(phones.deps, alice(), callId, input);
    // Its answer was lost, and the text was changed before the next try: no second case.
    const changed = { ...input, shortDescription: 'Printer still on fire' };
    await expect(createCase(phones.deps, alice(), callId, changed)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(pop.work.case).toMatchObject({
      key: null,
      number: '',
      shortDescription: 'Printer on fire',
      priority: { value: '1', write: pop.work.writes[0]?.id },
    });
    await sendNote(phones.deps, alice(), callId, { request: newId(), note: typed('Hot', 0) });
    const comment = { request: newId(), visibility: 'customer', text: ' We come ' } as const;
    await commentCase(phones.deps, alice(), callId, { ...comment, customerSeesIt: true });
    const write = pop.work.case?.write;
    expect(await orders(callId)).toEqual([
      {
        kind: 'create-case',
        values: {
          shortDescription: 'Printer on fire',
          channel: 'phone',
          contactId: 'ada',
          priority: '1',
        },
      },
      expect.objectContaining({ kind: 'add-note', case: { write }, visibility: 'work-note' }),
      { kind: 'add-note', case: { write }, visibility: 'customer', text: 'We come' },
    ]);
    expect((await phones.pop(callId)).work.writes.map(({ subject }) => subject)).toEqual([
      'New case: Printer on fire',
      'Note on the new case',
      'Comment to the customer on the new case',
    ]);
    await database.pool.query(
      `update outbox_write set state = 'delivered', record_type = 'case', record_id = 'k1', record_number = 'CS0009' where id = $1`,
      [write],
    );
    expect((await phones.pop(callId)).work.case).toMatchObject({
      key: keyOf('k1'),
      number: 'CS0009',
      link: 'https://acme.service-now.com/sn_customerservice_case.do?sys_id=k1',
    });
  });

  test('that was given up is no longer the call’s case', async () => {
    const callId = await talk();
    const input = newCase.parse({ request: newId(), shortDescription: 'Never mind' });
    const { work } = await createCase(phones.deps, alice(), callId, input);
    await database.pool.query(`update outbox_write set state = 'dropped' where id = $1`, [
      work.case?.write,
    ]);
    expect((await phones.pop(callId)).work.case).toBeNull();
    const sending = { request: newId(), note: typed('Lost?', 0) };
    await expect(sendNote(phones.deps, alice(), callId, sending)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('by template needs the plan for it', async () => {
    const callId = await talk();
    const input = newCase.parse({
      request: newId(),
      templateId: newId(),
      shortDescription: 'By template',
    });
    await expect(createCase(phones.deps, alice(), callId, input)).rejects.toMatchObject({
      code: 'plan-required',
    });
    await createCase(phones.deps, alice({ plan: 'Core' }), callId, input);
    expect(await orders(callId)).toHaveLength(1);
  });
});

describe('the wrap-up', () => {
  const codes = [
    { id: '01a2098b-2071-7016-a82d-e66d7eeb8ea1', label: 'Solved' },
    { id: '01a2098b-2071-7016-a82d-e66d7eeb8ea2', label: 'Old', active: false },
  ];
  const solved = codes[0]!.id;
  const plan = (extension: '201' | '202', value: 'Core' | 'View') =>
    updatePeople(database.db, company.organizationId, [
      { id: company.people[extension], role: 'agent', plan: value, extension, active: true },
    ]);
  const keep = () => lookAfterWrapUps({ ...phones.deps, log: testLog });

  test('sends note, code and time as one work note, once', async () => {
    await rules({ codes, required: true });
    await plan('201', 'Core');
    const core = alice({ plan: 'Core' });
    const callId = await talk();
    await tagCase(phones.deps, core, callId, keyOf('ada0'));
    expect((await phones.pop(callId)).work.wrapUp).toMatchObject({
      state: 'ahead',
      codes: [{ id: solved, label: 'Solved' }],
      required: true,
    });
    const early = finishWrapUp(phones.deps, core, callId, finish({ codeId: solved }));
    await expect(early).rejects.toMatchObject({ code: 'conflict' });
    phones.pass(60);
    await phones.hangUp(callId);
    phones.pass(30);
    const note = typed('Printer replaced', 0);
    const noCode = finishWrapUp(phones.deps, core, callId, finish({ note }));
    await expect(noCode).rejects.toMatchObject({ fields: [{ field: 'codeId' }] });
    const old = setWrapUp(phones.deps, core, callId, { codeId: codes[1]!.id, secondsWorked: null });
    await expect(old).rejects.toMatchObject({ fields: [{ field: 'codeId' }] });
    await setWrapUp(phones.deps, core, callId, { codeId: solved, secondsWorked: null });
    expect((await phones.pop(callId)).work.wrapUp).toMatchObject({
      state: 'open',
      code: { label: 'Solved' },
      secondsTalked: 61,
      keeps: true,
    });
    const request = finish({ codeId: solved, note });
    const done = await finishWrapUp(phones.deps, core, callId, request);
    await finishWrapUp(phones.deps, core, callId, request);
    expect(done.work).toMatchObject({
      note: { text: '', sent: [{ text: 'Printer replaced' }] },
      wrapUp: { state: 'finished', finishedBy: 'agent', keeps: false },
    });
    expect(await orders(callId)).toMatchObject([
      {
        kind: 'add-note',
        text: 'Printer replaced\n\nWrap-up: Solved\nTime worked: 0:02\nAlice Adams, call with Ada Berg (+49 30 123450)',
      },
    ]);
    const again = setWrapUp(phones.deps, core, callId, { codeId: null, secondsWorked: 5 });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  test('with a time limit is finished by the hub, for whoever did not, browser or not', async () => {
    await rules({ codes, seconds: 30 });
    await plan('201', 'Core');
    const callId = await talk();
    await tagCase(phones.deps, alice(), callId, keyOf('ada0'));
    await saveNote(phones.deps, alice(), callId, typed('Half a sent', 0));
    await phones.transfer(callId, '201', '202');
    const { endedAt, work } = await phones.pop(callId, '201');
    expect(Date.parse(work.wrapUp.dueAt ?? '')).toBe(Date.parse(endedAt ?? '') + 30_000);
    await keep();
    expect(await orders(callId)).toEqual([]);
    phones.pass(30);
    await keep();
    await keep();
    expect((await phones.pop(callId, '201')).work.wrapUp).toMatchObject({
      state: 'finished',
      finishedBy: 'limit',
    });
    expect(await orders(callId)).toMatchObject([{ text: expect.stringMatching(/^Half a sent\n/) }]);
    // Bob, who talks on, is not wrapping up.
    expect((await phones.pop(callId, '202')).work.wrapUp.state).toBe('ahead');
  });

  test('keeps the pop on the Desk beyond its usual time, until it is finished', async () => {
    await rules({ codes });
    await plan('201', 'Core');
    const callId = await talk();
    await phones.hangUp(callId);
    for (let calls = 0; calls < 6; calls += 1) await phones.hangUp(await phones.ring('+4930999'));
    phones.pass(20 * 60);
    await keep();
    expect((await phones.pops()).map((pop) => pop.callId)).toEqual([callId]);
    await finishWrapUp(phones.deps, alice({ plan: 'Core' }), callId, finish());
    expect(await phones.pops()).toEqual([]);
  });

  test('without codes goes with the pop, unless a note is still to be sent', async () => {
    const [silent, noted] = [await talk(), await talk()];
    await tagCase(phones.deps, alice(), silent, keyOf('ada0'));
    await tagCase(phones.deps, alice(), noted, keyOf('ada1'));
    await saveNote(phones.deps, alice(), noted, typed('Not sent yet', 0));
    await phones.hangUp(silent);
    await phones.hangUp(noted);
    phones.pass(16 * 60);
    await keep();
    expect((await phones.pops()).map((pop) => pop.callId)).toEqual([noted]);
    // Nobody saw how long the wrap-up was: only the talk counts.
    expect(await orders(silent)).toMatchObject([{ text: expect.stringContaining('0:01\n') }]);
    expect(await orders(noted)).toEqual([]);
    phones.pass(12 * 60 * 60);
    await keep();
    expect(await orders(noted)).toMatchObject([{ text: expect.stringContaining('Not sent yet') }]);
    expect(await phones.pops()).toEqual([]);
  });

  test('is finished by dismissing, which a missing code forbids', async () => {
    await rules({ codes, required: true });
    await plan('201', 'Core');
    const core = alice({ plan: 'Core' });
    const callId = await talk();
    await tagCase(phones.deps, core, callId, keyOf('ada0'));
    await phones.hangUp(callId);
    await expect(dismissPop(phones.deps, core, callId)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await setWrapUp(phones.deps, core, callId, { codeId: solved, secondsWorked: 0 });
    await dismissPop(phones.deps, core, callId);
    expect(await phones.pops()).toEqual([]);
    expect(await orders(callId)).toMatchObject([
      { text: expect.stringMatching(/^Wrap-up: Solved/) },
    ]);
  });
});
