import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { phoneAt } from '../support/phone.ts';
import type { TestPhone } from '../support/phone.ts';
import * as portal from '../support/portal.ts';

/** From a ringing phone to the right agents' browsers, and what becomes of the call. */
describe('a ringing phone', () => {
  let sandbox: Sandbox;
  let hub: TestHub;
  let browser: Browser;
  let admin: Page;
  let alice: Page;
  let bob: Page;
  let phone: TestPhone;

  beforeAll(async () => {
    [sandbox, hub, browser] = await Promise.all([
      startSandbox({ port: 0, contacts: 300, seed: 4 }),
      startTestHub(),
      openBrowser(),
    ]);
    admin = await browser.newPage();
    await portal.setUp(admin, hub.url);
    await portal.addServiceNow(admin);
    await portal.fillCredential(admin, {
      username: integrationUser,
      password: defaultPassword,
      endpoint: sandbox.url,
      detailsLink: sandbox.url,
    });
    await portal.saveCredential(admin);
    await portal.runSystemsCheck(admin);
    await portal.closeSystemsCheck(admin);
    const { agents } = sandbox.lookups;
    const aliceLink = await portal.addPerson(admin, {
      name: 'Alice Agent',
      email: agents.alice.email,
      extension: '101',
      plan: 'View',
    });
    const bobLink = await portal.addPerson(admin, {
      name: 'Bob Agent',
      email: agents.bob.email,
      extension: '102',
      plan: 'Core',
    });
    phone = phoneAt(await portal.addPhoneSystem(admin, 'Head office'));
    alice = await portal.acceptInvitation(browser, aliceLink);
    bob = await portal.acceptInvitation(browser, bobLink);
  }, 180_000);
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    await sandbox?.close();
  });

  test('who is not mapped is told so and whom to ask, and the mapping takes effect at once', async () => {
    await alice.getByText('You are not mapped to a ServiceNow user yet').waitFor();
    await alice.getByText(portal.administrator.email).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    const column = admin.getByRole('button', { name: /ServiceNow .* mapped/ });
    if ((await column.getAttribute('aria-pressed')) === 'false') await column.click();
    await admin.getByRole('button', { name: /Suggested: Alice/ }).click();
    await admin.getByRole('button', { name: /Suggested: Bob/ }).click();
    await portal.save(admin);
    await alice.getByText('No call right now').waitFor();
    await bob.getByText('No call right now').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
  });

  test('both rung agents see who calls, why, and the open cases', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await phone.ring({ callId: 'one', from: caller.number, users: ['101', '102'] });
    for (const page of [alice, bob]) {
      const card = page.getByRole('article', { name: caller.name });
      await card.getByText('Ringing').waitFor();
      expect(await card.innerText()).toContain(caller.raw);
      const link = card.getByRole('link', { name: /^Open in ServiceNow/ }).first();
      expect(await link.getAttribute('href')).toContain(
        `${sandbox.url}/customer_contact.do?sys_id=${caller.sysId}`,
      );
      expect(await card.getByRole('row').count()).toBeGreaterThan(1);
    }
    expect(await alice.title()).toContain(caller.name);
    expect(await seriousFaults(alice)).toEqual([]);
  });

  test('the other agent answers: the pop goes, and says who has it', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await phone.answer('one', '102');
    await bob.getByRole('article', { name: caller.name }).getByText('Talking').waitFor();
    await alice.getByRole('article', { name: caller.name }).waitFor({ state: 'hidden' });
    await alice
      .getByText(/answered by Bob Agent/)
      .first()
      .waitFor();
  });

  test('a reload and a second tab restore the call', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await bob.reload();
    await bob.getByRole('article', { name: caller.name }).getByText('Talking').waitFor();
    const second = await bob.context().newPage();
    await second.goto(`${hub.url}/desk`);
    await second.getByRole('article', { name: caller.name }).getByText('Talking').waitFor();
    await phone.hangUp('one');
    for (const page of [bob, second]) {
      await page
        .getByRole('article', { name: caller.name })
        .getByText(/^Ended/)
        .waitFor();
    }
    await bob.getByRole('button', { name: 'Dismiss this call' }).click();
    await second.getByText('No call right now').waitFor();
    await second.close();
  });

  test('several people with the number: the agent chooses by keyboard', async () => {
    const shared = sandbox.lookups.sharedNumber(2);
    if (shared === null) throw new Error('The company has no shared number.');
    await phone.ring({ callId: 'two', from: shared.number, users: ['101'] });
    await alice.getByText('Who is it?').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    const options = alice.getByRole('radio');
    expect(await options.count()).toBe(shared.callers.length);
    await options.first().focus();
    await alice.keyboard.press('ArrowDown');
    await alice.keyboard.press('Enter');
    await alice.getByRole('button', { name: /Somebody else\?/ }).waitFor();
    await alice.reload();
    await alice.getByRole('button', { name: /Somebody else\?/ }).waitFor();
    await phone.hangUp('two', 'cancel');
    await alice
      .getByText(/Missed/)
      .first()
      .waitFor();
  });

  test('unknown, anonymous and hostile callers are shown as harmless text', async () => {
    await phone.ring({
      callId: 'three',
      from: sandbox.lookups.unknownNumber('DE'),
      users: ['101'],
    });
    await alice.getByRole('article', { name: 'Unknown caller' }).waitFor();
    await phone.hangUp('three', 'cancel');
    await phone.ring({ callId: 'four', from: 'anonymous', users: ['101'] });
    await alice.getByRole('article', { name: 'Anonymous caller' }).waitFor();
    await phone.hangUp('four', 'cancel');
    const hostile = [
      '^NQactive=true',
      '<script>alert(1)</script>',
      `+49${'1'.repeat(10_000)}`,
      '\u0000\u001b[2J\u202e',
    ];
    for (const [index, from] of hostile.entries()) {
      const callId = `hostile-${index}`;
      await phone.ring({ callId, from, users: ['101'] });
      const card = alice.locator('article[data-state="ringing"]:visible');
      await card.waitFor();
      expect(await card.locator('script').count()).toBe(0);
      expect(await card.innerText()).toContain('Unknown caller');
      await phone.hangUp(callId, 'cancel');
      await card.waitFor({ state: 'hidden' });
    }
  });

  /** From now on only a live question tells the hub what is new, and ServiceNow takes its time for the next one. */
  async function onlyLive(): Promise<void> {
    await sql`update directory_sync set every_seconds = 86400, next_at = now() + interval '1 day'`.execute(
      hub.db,
    );
    sandbox.faults.set(['latency:6000@/api/now/table/customer_contact*1']);
  }

  test('who is known is asked for again while the phone rings: the pop changes in place', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await onlyLive();
    sandbox.records.update('customer_contact', caller.sysId, { title: 'Head of Live Data' });
    await phone.ring({ callId: 'live', from: caller.number, users: ['102'] });
    const card = bob.getByRole('article', { name: caller.name });
    // From the mirror, while ServiceNow has not answered.
    await card.getByText('Ringing').waitFor();
    expect(await card.innerText()).not.toContain('Head of Live Data');
    await card.getByText('Head of Live Data').waitFor();
    expect(await card.getByText(/^As of (just now|\d+ seconds ago)/).count()).toBe(1);
    await card.getByText('Ringing').waitFor();
    await phone.hangUp('live', 'cancel');
  });

  test('whom the mirror does not know ServiceNow is asked for: the unknown caller gets a name', async () => {
    await onlyLive();
    const number = sandbox.lookups.unknownNumber('AT');
    sandbox.records.insert('customer_contact', {
      name: 'Nova Newcomer',
      first_name: 'Nova',
      last_name: 'Newcomer',
      active: 'true',
      mobile_phone: number,
    });
    await phone.ring({ callId: 'new', from: number, users: ['102'] });
    await bob.getByRole('article', { name: 'Unknown caller' }).getByText('Ringing').waitFor();
    await bob.getByRole('article', { name: 'Nova Newcomer' }).getByText('Ringing').waitFor();
    await phone.hangUp('new', 'cancel');
    sandbox.faults.set([]);
  });

  test('without the View plan the Desk says what is missing and whom to ask', async () => {
    await admin.getByLabel('Selected Plan of Alice Agent').selectOption('');
    await portal.save(admin);
    await alice.getByText('Your calls need the View plan').waitFor();
    await alice.getByText(portal.administrator.name).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
  });

  test('a narrow window and the dark are fit to be seen as well', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await bob.setViewportSize({ width: 360, height: 740 });
    await bob.emulateMedia({ colorScheme: 'dark' });
    await phone.ring({ callId: 'five', from: caller.number, users: ['102'] });
    await bob.getByRole('article', { name: caller.name }).waitFor();
    const overflow = await bob.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await seriousFaults(bob)).toEqual([]);
    await phone.hangUp('five', 'cancel');
  });
});
