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

/** What only ServiceNow knows of a caller while the phone rings. What else becomes of a ring is in the day at the Desk. */
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
});
