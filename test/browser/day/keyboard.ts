import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demoAgents } from '../../../sandbox/demo/set-up-demo.ts';
import type { ThreecxServer } from '../../../src/telephony/threecx/threecx-server.testing.ts';
import { seriousFaults } from '../../support/browser.ts';
import * as portal from '../../support/portal.ts';
import { cardOf } from './the-day.ts';
import type { Day } from './the-day.ts';

/** A call without a mouse, from the sign-in to the end of the wrap-up: nothing here clicks, fills or focuses anything. */
export function keyboard(day: Day, threecx: () => ThreecxServer): void {
  test('from sign-in to wrap-up by keyboard alone, with a call back', async () => {
    const { hub, phone, sandbox } = day;
    const shared = sandbox.lookups.sharedNumber(2);
    if (shared === null) throw new Error('The company has no shared number.');
    await offerCodesAndTemplates(day.admin);
    await day.alice.context().close();
    const context = await day.browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const { keyboard: keys } = page;

    await page.goto(`${hub.url}/sign-in`);
    await hasFocus(page, /^E-mail/);
    await keys.type(demoAgents[0].email);
    await tabTo(page, /^Password/);
    await keys.type(portal.agentPassword);
    await keys.press('Enter');
    await page.getByText('No call right now').waitFor();

    // Several people have the number: one is chosen, then another.
    await phone.ring({ callId: 'keys-1', from: shared.number, users: ['101'] });
    const card = page.locator('article').first();
    await atCandidates(page);
    await keys.press('ArrowDown');
    await keys.press('Enter');
    await card.getByRole('button', { name: /Somebody else\?/ }).waitFor();
    const first = await card.getByRole('heading', { level: 2 }).innerText();
    await keys.press('q');
    await atCandidates(page);
    await keys.press('ArrowUp');
    await keys.press('Enter');
    await expect.poll(() => card.getByRole('heading', { level: 2 }).innerText()).not.toBe(first);

    // The record opens in a tab of its own.
    await phone.answer('keys-1', '101');
    await card.getByText('Talking').first().waitFor();
    const [record] = await Promise.all([context.waitForEvent('page'), keys.press('o')]);
    const address = `${sandbox.url}/customer_contact.do?sys_id=`;
    await record.waitForURL((url) => url.href.startsWith(address));
    await record.close();

    // A case from the second template.
    await keys.press('c');
    const form = page.getByRole('dialog', { name: 'New case' });
    await form.getByRole('textbox', { name: 'Short description' }).waitFor();
    await hasFocus(page, /^Short description/);
    await tabTo(page, /^Template/, 'Shift+Tab');
    await keys.press('ArrowDown');
    await tabTo(page, /^Short description/);
    await keys.press('End');
    await keys.type(', again');
    await keys.press('Enter');
    await form.waitFor({ state: 'hidden' });
    const tagged = card.getByRole('region', { name: 'Tagged case' });
    await tagged.getByRole('link', { name: /^CS/ }).waitFor();
    await tagged.getByText('Fault reported, again').waitFor();
    // Taken off and tagged again by its number.
    const number = await tagged.getByRole('link', { name: /^CS/ }).innerText();
    await run(page, 'take the tag off');
    await tagged.waitFor({ state: 'hidden' });
    await keys.press('t');
    await keys.type(number.trim());
    await keys.press('Enter');
    await hasFocus(page, /^Tag CS/);
    await keys.press('Enter');
    await tagged.getByRole('link', { name: /^CS/ }).waitFor();

    // Note, code and time.
    await keys.press('n');
    await keys.type('Typed without a mouse');
    await phone.hangUp('keys-1');
    await card.getByRole('button', { name: 'Finish' }).waitFor();
    await keys.press('Control+Enter');
    await card.getByText('The call is not finished.').waitFor();
    await hasFocus(page, /^Wrap-up code/);
    await keys.press('ArrowDown');
    await keys.press('Control+Enter');
    await card.getByRole('button', { name: 'Finish' }).waitFor({ state: 'hidden' });
    const notes = () =>
      sandbox.records
        .find('sys_journal_field', 'name=sn_customerservice_case^element=work_notes')
        .filter(({ value }) => value?.includes('Typed without a mouse'));
    await expect.poll(() => notes().length).toBe(1);
    await keys.press('Escape');
    await keys.press('e');
    await page.getByText('No call right now').waitFor();

    await keys.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('Somebody else with this number').waitFor();
    await keys.press('Escape');
    await help.waitFor({ state: 'hidden' });
    // Somebody who called in vain is called back.
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases === 0);
    await phone.ring({ callId: 'keys-2', from: caller.number, users: ['101'] });
    await cardOf(page, caller)
      .getByText(/^Ringing/)
      .first()
      .waitFor();
    await phone.hangUp('keys-2', 'noAnswer');
    await keys.press('l');
    // The Desk has a row with that name too: the case that the rule made.
    await page.getByRole('heading', { name: 'Missed calls' }).waitFor();
    const row = page.getByRole('row', { name: caller.name });
    await row.waitFor();
    await keys.press('j');
    await hasFocus(page, new RegExp(caller.name));
    await keys.press('b');
    const dialog = page.getByRole('dialog', { name: /^Call / });
    await dialog.getByRole('button', { name: 'Call', exact: true }).waitFor();
    await hasFocus(page, /^Call$/);
    await keys.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    const call = { id: 19, callid: 177, party_dn_type: 'Wexternalline' };
    threecx().put('101', { ...call, status: 'Dialing', party_caller_id: caller.number });
    threecx().put('101', { ...call, status: 'Connected', party_caller_id: caller.number });
    await page.getByText('Nobody waits for a call back').waitFor();
    await keys.press('v');
    await cardOf(page, caller).getByText('Talking').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    threecx().remove('101', call.id);
    await cardOf(page, caller).getByRole('button', { name: 'Finish' }).waitFor();
    await keys.press('w');
    await hasFocus(page, /^Wrap-up code/);
    await keys.press('ArrowDown');
    await keys.press('Control+Enter');
    await cardOf(page, caller).getByRole('button', { name: 'Finish' }).waitFor({ state: 'hidden' });
    await context.close();
  });
}

async function offerCodesAndTemplates(admin: Page): Promise<void> {
  const codes = [{ id: randomUUID(), label: 'Advice', active: true }];
  const template = (name: string) => ({ id: randomUUID(), name, shortDescription: name });
  const callHandling = {
    wrapUp: { codes, required: true, seconds: null },
    caseTemplates: [template('Question asked'), template('Fault reported')],
  };
  await admin.evaluate(async (changed) => {
    const view = await (await fetch('/api/v1/organization')).json();
    const { version, name, country, timeZone } = view;
    const answer = await fetch('/api/v1/organization', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version, name, country, timeZone, callHandling: changed }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }, callHandling);
}

/** The choice between several people has the focus by itself; waits for it. */
async function atCandidates(page: Page): Promise<void> {
  const type = () => page.evaluate(() => document.activeElement?.getAttribute('type'));
  await expect.poll(type).toBe('radio');
}

/** What has the focus is called so; waits for it. */
async function hasFocus(page: Page, name: RegExp): Promise<void> {
  await expect.poll(() => focused(page)).toMatch(name);
}

/** Presses Tab until something of that name has the focus, as somebody does who sees where it is. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 60) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (name.test(now)) return;
    passed.push(now);
  }
  throw new Error(`${key} does not reach ${name}: ${passed.join(', ')}`);
}

/** Runs an action of the command palette. */
async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Command', { exact: true }).waitFor();
  await hasFocus(page, /^Command$/);
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
  await page.getByLabel('Command', { exact: true }).waitFor({ state: 'hidden' });
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLInputElement | null;
    const label = at?.labels?.[0]?.innerText;
    return (at?.getAttribute('aria-label') ?? label ?? at?.innerText ?? '').trim();
  });
}
