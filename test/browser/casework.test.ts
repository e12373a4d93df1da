import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { startThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import type { ThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { phoneAt } from '../support/phone.ts';
import type { TestPhone } from '../support/phone.ts';
import * as portal from '../support/portal.ts';

const caseTable = 'sn_customerservice_case';

/** What an agent does with a call, in a browser and by keyboard, down to what stands in ServiceNow. */
// After an outage the hub asks an instance again with growing waits.
describe('working on a call', { timeout: 120_000 }, () => {
  let sandbox: Sandbox;
  let hub: TestHub;
  let browser: Browser;
  let admin: Page;
  let alice: Page;
  let phone: TestPhone;
  let threecx: ThreecxServer;

  beforeAll(async () => {
    [sandbox, hub, browser, threecx] = await Promise.all([
      startSandbox({ port: 0, contacts: 300, seed: 4 }),
      startTestHub(),
      openBrowser(),
      startThreecxServer(),
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
    const { email } = sandbox.lookups.agents.alice;
    const person = { name: 'Alice Agent', email, extension: '101', plan: 'Core' };
    const link = await portal.addPerson(admin, person);
    phone = phoneAt(await portal.addPhoneSystem(admin, 'Head office'));
    const column = admin.getByRole('button', { name: /ServiceNow .* mapped/ });
    if ((await column.getAttribute('aria-pressed')) === 'false') await column.click();
    await admin.getByRole('button', { name: /Suggested: Alice/ }).click();
    await portal.save(admin);
    alice = await portal.acceptInvitation(browser, link);
    await alice.getByText('No call right now').waitFor();
  }, 240_000);
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    await sandbox?.close();
    await threecx?.close();
  });

  /** Entries of cases alone: the call's own record tells of the notes as well. */
  const notesWith = (text: string, element = 'work_notes') =>
    sandbox.records
      .find('sys_journal_field', `name=${caseTable}^element=${element}`)
      .map((row) => row['value'] ?? '')
      .filter((value) => value.includes(text));
  const card = () => alice.locator('article').first();
  const takeCall = async (callId: string, from: string) => {
    await phone.ring({ callId, from, users: ['101'] });
    await phone.answer(callId, '101');
    await card().getByText('Talking').waitFor();
  };

  test('a case is tagged by one key, and a note typed while ServiceNow is down arrives when it is back', async () => {
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await takeCall('one', caller.number);
    await alice.keyboard.press('g');
    await card().getByRole('region', { name: 'Tagged case' }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    sandbox.faults.set(['maintenance']);
    await alice.keyboard.press('n');
    await alice.keyboard.type('Printer on fire');
    await card().getByText('Saved', { exact: true }).waitFor();
    // Half-typed notes outlive a reload.
    await alice.reload();
    const field = card().getByRole('textbox', { name: 'Note on this call' });
    await expect.poll(() => field.inputValue()).toBe('Printer on fire');
    await field.press('Alt+s');
    await card().getByText('Saved here, on its way').first().waitFor();
    sandbox.faults.set([]);
    await card().getByText('In ServiceNow', { exact: true }).first().waitFor({ timeout: 60_000 });
    expect(notesWith('Printer on fire')).toHaveLength(1);
  });

  test('the call is finished by keyboard: code, time and what was added go to the case once', async () => {
    await phone.hangUp('one');
    await card().getByRole('button', { name: 'Finish' }).waitFor();
    await alice.keyboard.press('n');
    await alice.keyboard.type('It is out');
    await alice.keyboard.press('Control+Enter');
    await card().getByRole('button', { name: 'Finish' }).waitFor({ state: 'hidden' });
    await expect.poll(() => notesWith('It is out').length, { timeout: 60_000 }).toBe(1);
    const [note] = notesWith('It is out');
    expect(note).toMatch(/Time worked: \d:\d\d\nAlice Agent, call with/);
  });

  test('a case is made, changed and commented on; a refusal is told in ServiceNow’s own words', async () => {
    await alice.keyboard.press('Escape');
    await alice.keyboard.press('e');
    await alice.getByText('No call right now').waitFor();
    await takeCall('two', sandbox.lookups.uniqueContact().number);
    await alice.keyboard.press('c');
    const form = alice.getByRole('dialog', { name: 'New case' });
    await form.getByRole('textbox', { name: 'Short description' }).fill('Scanner is silent');
    await form.getByRole('combobox', { name: 'Priority' }).selectOption('1 - Critical');
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('Enter');
    await form.waitFor({ state: 'hidden' });
    await card()
      .getByRole('region', { name: 'Tagged case' })
      .getByRole('link', { name: /^CS/ })
      .waitFor({ timeout: 60_000 });
    const made = sandbox.records.find(caseTable, 'short_description=Scanner is silent');
    expect(made).toMatchObject([{ priority: '1', contact_type: 'phone' }]);

    await alice.keyboard.press('x');
    const change = alice.getByRole('dialog', { name: /^Change CS/ });
    await change.getByRole('combobox', { name: 'State' }).selectOption('Resolved');
    await change.getByRole('button', { name: 'Change the case' }).click();
    await change.getByText('The case was not changed.').waitFor();
    await change.getByRole('textbox', { name: 'Resolution notes' }).waitFor();
    await alice.keyboard.press('Escape');
    await change.waitFor({ state: 'hidden' });

    await alice.keyboard.press('p');
    const comment = alice.getByRole('dialog', { name: 'Write to the customer' });
    await comment.getByRole('textbox').fill('A technician comes at noon');
    await comment.getByRole('button', { name: 'Send to the customer' }).click();
    expect(await seriousFaults(alice)).toEqual([]);
    await comment.getByRole('button', { name: 'Yes, the customer may read it' }).click();
    await comment.waitFor({ state: 'hidden' });
    await expect
      .poll(() => notesWith('A technician comes at noon', 'comments').length, { timeout: 60_000 })
      .toBe(1);

    sandbox.faults.set([`business-rule:${caseTable}`]);
    await alice.keyboard.press('n');
    await alice.keyboard.type('Refused?');
    await alice.keyboard.press('Alt+s');
    await card()
      .getByText(/Not in ServiceNow.*Business Rule 'Refuse everything'/)
      .waitFor({ timeout: 60_000 });
    await card().getByText('Refused?').waitFor();
    sandbox.faults.set([]);
  });

  test('who called in vain is listed once, has a case by rule, and goes when called back', async () => {
    await portal.addThreecx(admin, { name: 'Office', url: threecx.url });
    await admin.getByLabel('Seats of Engage').fill('1');
    await admin.getByRole('switch', { name: 'Open a case for a missed or abandoned call' }).click();
    expect(await seriousFaults(admin)).toEqual([]);
    await portal.save(admin);

    const caller = sandbox.lookups.uniqueContact();
    const cases = () =>
      sandbox.records
        .find(caseTable, `short_descriptionSTARTSWITHMissed call from ${caller.name}`)
        .filter(({ short_description: text }) => text?.includes(caller.name));
    const miss = async (callId: string) => {
      await phone.ring({ callId, from: caller.number, users: ['101'] });
      await phone.hangUp(callId, 'noAnswer');
    };
    await miss('vain-1');
    const menu = alice.getByRole('navigation', { name: 'Main' });
    await menu.getByText('(1 open)').waitFor();
    await menu.getByRole('link', { name: 'Missed' }).click();
    const row = alice.getByRole('row', { name: caller.name });
    await row.getByRole('link', { name: /^CS/ }).waitFor({ timeout: 60_000 });
    await miss('vain-2');
    await row.getByText('2 times').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await expect.poll(() => notesWith('Called again').length, { timeout: 60_000 }).toBe(1);
    expect(cases()).toHaveLength(1);

    await row.getByRole('button', { name: 'Close' }).click();
    await alice.getByText('Nobody waits for a call back').waitFor();
    await alice.getByRole('button', { name: 'Undo' }).click();
    await row.getByRole('button', { name: /^Call back/ }).click();
    const dialog = alice.getByRole('dialog', { name: /^Call / });
    await dialog.getByRole('button', { name: 'Call', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const call = { id: 9, callid: 77, party_dn_type: 'Wexternalline' };
    threecx.put('101', { ...call, status: 'Dialing', party_caller_id: caller.number });
    threecx.put('101', { ...call, status: 'Connected', party_caller_id: caller.number });
    await alice.getByText('Nobody waits for a call back').waitFor();
    await alice.getByText('Closed', { exact: true }).click();
    await row.getByText('Called back by Alice Agent').waitFor();
    expect(cases()).toHaveLength(1);
  });
});
