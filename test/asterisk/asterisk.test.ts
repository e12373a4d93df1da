import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownCaller } from '../../sandbox/company/lookups.ts';
import { linksOf } from '../../src/calls/phone-link-store.ts';
import { callById } from '../../src/calls/store.ts';
import type { StoredCall } from '../../src/calls/store.ts';
import { prepareAsterisk } from '../../sandbox/asterisk/asterisk.ts';
import { seriousFaults } from '../support/browser.ts';
import { openOffice } from './office.ts';
import type { Office } from './office.ts';
import type { SipCall } from '../../sandbox/asterisk/sip-call.ts';
import type { SipPhone } from '../../sandbox/asterisk/sip-phone.ts';

const missing = await prepareAsterisk();
if (missing !== null)
  process.stderr.write(`\nSKIPPED: the tests with a real Asterisk, because ${missing}.\n\n`);

/** A real Asterisk 22 with real SIP phones, and what two agents see of it in their browsers. */
describe.skipIf(missing !== null)('a real Asterisk', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
    await office.admin.getByText('Connected', { exact: true }).waitFor();
    await office.alice.getByText('No call right now').waitFor();
    await office.bob.getByText('No call right now').waitFor();
  });
  afterAll(() => office?.close());

  const card = (page: Page, { name }: KnownCaller) => page.getByRole('article', { name });
  const shows = (page: Page, caller: KnownCaller, state: string | RegExp) =>
    card(page, caller).getByText(state).first().waitFor();
  const isGone = (page: Page, caller: KnownCaller) =>
    card(page, caller).waitFor({ state: 'hidden' });
  const answeredBy = (page: Page, who: string) =>
    page
      .getByText(new RegExp(`answered by ${who}`))
      .first()
      .waitFor();

  const lift = ({ calls }: SipPhone) => {
    for (const ringing of calls.values()) ringing.answer();
  };

  /** Somebody calls a number of the office. */
  function ring(number: string): { caller: KnownCaller; call: SipCall } {
    const caller = office.nextCaller();
    const from = { name: 'Outside', number: caller.number };
    return { caller, call: office.phones.carrier.dial(number, from) };
  }

  async function talk(number = '+12025550101') {
    office.phones.alice.answerAfter(200);
    const ringing = ring(number);
    await ringing.call.done;
    await shows(office.alice, ringing.caller, 'Talking');
    return ringing;
  }

  /** The call as it is booked, once it has ended. */
  async function booked(
    { number }: KnownCaller,
    party: 'from_number' | 'to_number' = 'from_number',
  ): Promise<StoredCall> {
    const tables = office.db.withTables<{
      call: {
        organization_id: string;
        id: string;
        from_number: string;
        to_number: string;
        ended_at: Date | null;
      };
    }>();
    for (;;) {
      const row = await tables
        .selectFrom('call')
        .select(['organization_id', 'id'])
        .where(party, '=', number)
        .where('ended_at', 'is not', null)
        .executeTakeFirst();
      const call = row && (await callById(office.db, row.organization_id, row.id));
      if (call) return call;
      await sleep(50);
    }
  }

  async function quiet(): Promise<void> {
    const { alice, bob, carrier } = office.phones;
    for (const phone of [alice, bob, carrier]) {
      await phone.hangUpAll();
      phone.onCall = () => undefined;
    }
  }

  test('a call from outside rings, is answered and ends', async () => {
    office.phones.alice.ringOnly();
    const { caller, call } = ring('+12025550101');
    await shows(office.alice, caller, 'Ringing');
    lift(office.phones.alice);
    await shows(office.alice, caller, 'Talking');
    await call.hangUp();
    await shows(office.alice, caller, /^Ended/);
    expect(await booked(caller)).toMatchObject({ result: 'answered', answeredBy: '101' });
    expect(await card(office.bob, caller).count()).toBe(0);
  });

  test('nobody answers: missed', async () => {
    office.phones.alice.ringOnly();
    const { caller } = ring('+12025550109');
    await shows(office.alice, caller, 'Ringing');
    await shows(office.alice, caller, /Missed/);
    expect(await booked(caller)).toMatchObject({ result: 'missed' });
    await quiet();
  });

  test('a queue rings both; the one who answers keeps the pop', async () => {
    office.phones.alice.ringOnly();
    office.phones.bob.ringOnly();
    const { caller, call } = ring('+12025550110');
    await shows(office.alice, caller, 'Ringing');
    await shows(office.bob, caller, 'Ringing');
    lift(office.phones.bob);
    await shows(office.bob, caller, 'Talking');
    await isGone(office.alice, caller);
    await answeredBy(office.alice, 'Bob Agent');
    await call.hangUp();
    expect(await booked(caller)).toMatchObject({ queue: 'support', answeredBy: '102' });
    await quiet();
  });

  test('a queue of Local channels, as FreePBX has them, rings one after the other', async () => {
    office.phones.alice.ringOnly();
    office.phones.bob.answerAfter(300);
    const { caller, call } = ring('+12025550120');
    await shows(office.alice, caller, 'Ringing');
    await shows(office.bob, caller, 'Talking');
    await call.hangUp();
    expect(await booked(caller)).toMatchObject({ queue: 'sales', answeredBy: '102' });
    await quiet();
  });

  test('a ring group is answered elsewhere', async () => {
    office.phones.alice.ringOnly();
    office.phones.bob.ringOnly();
    const { caller, call } = ring('+12025550130');
    await shows(office.bob, caller, 'Ringing');
    lift(office.phones.alice);
    await isGone(office.bob, caller);
    await shows(office.alice, caller, 'Talking');
    await call.hangUp();
    expect(await booked(caller)).toMatchObject({ result: 'answered', answeredBy: '101' });
    await quiet();
  });

  test('on hold the pop stays', async () => {
    const { caller, call } = await talk();
    const agent = office.phones.alice.current();
    await agent.hold();
    await sleep(300);
    await agent.resume();
    await shows(office.alice, caller, 'Talking');
    await call.hangUp();
    expect(await booked(caller)).toMatchObject({ held: true, result: 'answered' });
    await quiet();
  });

  test('a blind transfer moves the pop on', async () => {
    const { caller, call } = await talk();
    office.phones.bob.answerAfter(300);
    const agent = office.phones.alice.current();
    await agent.transfer('102');
    await shows(office.bob, caller, 'Talking');
    if (agent.state === 'up') await agent.hangUp();
    await call.hangUp();
    expect((await booked(caller)).transfers).toMatchObject([
      { kind: 'blind', from: '101', to: '102' },
    ]);
    await quiet();
  });

  test('an attended transfer moves the pop on', async () => {
    const { caller, call } = await talk();
    const first = office.phones.alice.current();
    await first.hold();
    office.phones.bob.ringOnly();
    const consultation = office.phones.alice.dial('102');
    // Bob sees about whom he is asked while his phone still rings, and by whom.
    await shows(office.bob, caller, 'Ringing');
    await card(office.bob, caller)
      .getByText(/Alice Agent asks/)
      .waitFor();
    lift(office.phones.bob);
    await consultation.done;
    await shows(office.bob, caller, 'Talking');
    await sleep(300);
    await consultation.hold();
    await first.join(consultation);
    await shows(office.bob, caller, 'Talking');
    await call.hangUp();
    const { transfers, answeredBy: last } = await booked(caller);
    expect(transfers).toMatchObject([{ kind: 'attended', from: '101', to: '102' }]);
    expect(last).toBe('102');
    await quiet();
  });

  test('a pickup takes the pop over', async () => {
    office.phones.alice.ringOnly();
    const { caller, call } = ring('+12025550101');
    await shows(office.alice, caller, 'Ringing');
    await office.phones.bob.dial('*8').done;
    await shows(office.bob, caller, 'Talking');
    await isGone(office.alice, caller);
    await call.hangUp();
    expect((await booked(caller)).transfers).toMatchObject([{ kind: 'pickup', to: '102' }]);
    await quiet();
  });

  test('a parked call is fetched by somebody else', async () => {
    const { caller, call } = await talk();
    const agent = office.phones.alice.current();
    await agent.transfer('700');
    // Who parks is let go once the call is in its place.
    await shows(office.alice, caller, /^Ended/);
    if (agent.state === 'up') await agent.hangUp();
    await office.phones.bob.dial('701').done;
    await shows(office.bob, caller, 'Talking');
    await call.hangUp();
    expect((await booked(caller)).transfers).toMatchObject([{ kind: 'park', from: '101' }]);
    await quiet();
  });

  test('click-to-call rings the phone first, then dials', async () => {
    office.phones.alice.ringOnly();
    const { caller, call } = ring('+12025550101');
    await shows(office.alice, caller, 'Ringing');
    call.cancel();
    await shows(office.alice, caller, /Missed/);
    office.phones.alice.answerAfter(300);
    office.phones.carrier.answerAfter(300);
    await card(office.alice, caller)
      .getByRole('button', { name: /^Call / })
      .first()
      .click();
    const dialog = office.alice.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Call', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await shows(office.alice, caller, 'Talking');
    await quiet();
    expect(await booked(caller, 'to_number')).toMatchObject({
      direction: 'outbound',
      from: '101',
      result: 'answered',
    });
  });

  test('who does not pick up is told so', async () => {
    office.phones.alice.onCall = (call) => call.reject(486, 'Busy Here');
    const button = office.alice.getByRole('button', { name: /^Call / }).first();
    await button.click();
    const dialog = office.alice.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Call', exact: true }).click();
    await dialog.getByText(/Your phone 101 is busy or declined the call/).waitFor();
    const again = dialog.getByRole('button', { name: 'Call', exact: true });
    await expect.poll(() => again.isEnabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await quiet();
  });

  test('a lost link is told while it lasts; a call that goes on does not pop again, one that ended is closed', async () => {
    const going = await talk();
    office.phones.bob.answerAfter(200);
    const ending = ring('+12025550102');
    await shows(office.bob, ending.caller, 'Talking');
    office.cable.cut();
    for (const page of [office.alice, office.bob])
      await page.getByText(/The link to Basement is lost/).waitFor();
    await office.admin.getByText('Link lost').waitFor();
    for (const page of [office.alice, office.admin]) expect(await seriousFaults(page)).toEqual([]);
    await ending.call.hangUp();
    office.cable.mend();
    for (const page of [office.alice, office.bob])
      await page.getByText(/The link to Basement is lost/).waitFor({ state: 'hidden' });
    await shows(office.bob, ending.caller, /^Ended/);
    expect(await booked(ending.caller)).toMatchObject({ result: 'unknown' });
    await shows(office.alice, going.caller, 'Talking');
    await expect.poll(() => card(office.alice, going.caller).count()).toBe(1);
    await going.call.hangUp();
    expect(await booked(going.caller)).toMatchObject({ result: 'answered' });
    await quiet();
  });

  test('a link that is made anew, as by another node, goes on with the calls that are up', async () => {
    const { caller, call } = await talk();
    const { organization_id: organizationId } = await office.db
      .withTables<{ phone_link: { organization_id: string } }>()
      .selectFrom('phone_link')
      .select('organization_id')
      .executeTakeFirstOrThrow();
    const since = async () => (await linksOf(office.db, organizationId))[0]?.connectedSince;
    const before = await since();
    await office.admin.getByRole('button', { name: 'Modify: Basement' }).click();
    const dialog = office.admin.getByRole('dialog');
    await dialog.getByLabel('Trunk names').fill('carrier, spare');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    while ((await since())?.getTime() === before?.getTime()) await sleep(50);
    await shows(office.alice, caller, 'Talking');
    await expect.poll(() => card(office.alice, caller).count()).toBe(1);
    await call.hangUp();
    await shows(office.alice, caller, /^Ended/);
    const { legs, ...ended } = await booked(caller);
    expect(ended).toMatchObject({ result: 'answered', answeredBy: '101', to: '+12025550101' });
    expect(legs.filter(({ extension }) => extension === '101')).toHaveLength(1);
    await quiet();
  });

  test('an Asterisk that is killed and restarted closes its calls, and pops go on', async () => {
    const { caller } = await talk();
    await office.asterisk.kill();
    await office.alice.getByText(/The link to Basement is lost/).waitFor();
    await office.asterisk.start();
    await office.phones.alice.register();
    await shows(office.alice, caller, /^Ended/);
    expect(await booked(caller)).toMatchObject({ result: 'unknown' });
    for (const call of office.phones.alice.calls.values()) call.forget();
    for (const call of office.phones.carrier.calls.values()) call.forget();
    const again = await talk();
    await again.call.hangUp();
    await shows(office.alice, again.caller, /^Ended/);
  });

  test('the extensions that it knows are offered for people', async () => {
    const offered = office.admin.locator('datalist option');
    await offered.first().waitFor({ state: 'attached' });
    const values = () =>
      offered.evaluateAll((options) => options.map((option) => option.getAttribute('value')));
    await expect.poll(values).toEqual(['101', '102', '103']);
  });

  test('the test in the Admin Portal passes every step', async () => {
    await office.admin.getByRole('button', { name: 'Test: Basement' }).click();
    const dialog = office.admin.getByRole('dialog');
    await dialog.getByText('Basement works.').waitFor();
    await expect.poll(() => dialog.getByText('Passed').count()).toBe(5);
    expect(await seriousFaults(office.admin)).toEqual([]);
    await office.admin.keyboard.press('Escape');
  });
});
