import { expect, test } from 'vitest';
import { seriousFaults } from '../../support/browser.ts';
import { cardOf, clear, hostile, overflow } from './the-day.ts';
import type { Day } from './the-day.ts';

/** What is known of calls afterwards; after `casework`, whose notes and case it looks for. */
export function history(day: Day): void {
  const caller = () => day.sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);

  test('the next agent whom the caller reaches sees the earlier calls with their notes, and opens one by keyboard', async () => {
    const { bob, phone } = day;
    await phone.ring({ callId: 'again', from: caller().number, users: ['102'] });
    const earlier = cardOf(bob, caller()).getByRole('region', { name: 'Earlier calls' });
    const call = earlier.getByRole('listitem').filter({ hasText: 'Printer on fire' });
    await call.getByText('Alice Agent').first().waitFor();
    await call.getByRole('link', { name: /^CS/ }).waitFor();
    await call.getByText(`It is out ${hostile}`, { exact: false }).waitFor();
    expect(await bob.locator('img[src="x"]').count()).toBe(0);
    expect(await seriousFaults(bob)).toEqual([]);
    await bob.keyboard.press('h');
    await bob.keyboard.press('Enter');
    await bob.getByRole('heading', { name: 'What happened' }).waitFor();
    await bob.goBack();
    await phone.hangUp('again', 'cancel');
    await cardOf(bob, caller())
      .getByText(/^Missed/)
      .first()
      .waitFor();
    await clear(bob);
  });

  test('a call is found in the history, with its note and case, and opened', async () => {
    const { alice, hub } = day;
    await alice.goto(`${hub.url}/calls`);
    const rows = alice.getByRole('row');
    await rows.nth(3).waitFor();
    const all = await rows.count();
    await alice.getByLabel('Search').fill(caller().name);
    await alice.getByLabel('Direction').selectOption('inbound');
    await alice.getByLabel('Result').selectOption('answered');
    await expect.poll(() => rows.count()).toBeLessThan(all);
    const row = rows.filter({ hasText: 'Printer on fire' });
    await row.getByRole('link', { name: /^CS/ }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => overflow(alice)).toBeLessThanOrEqual(0);
    await alice.setViewportSize({ width: 1280, height: 900 });
    await row.getByRole('link', { name: caller().name }).click();
    const done = alice.getByRole('region', { name: 'Notes and case' });
    await done.getByText('Printer on fire').waitFor();
    await done.getByRole('link', { name: /^CS/ }).waitFor();
    const part = alice.getByRole('group', { name: 'Extension 101' });
    await part.getByText(/Alice Agent saw the pop in /).waitFor();
    await expect
      .poll(() => part.innerText())
      .toMatch(/ServiceNow user\s+mapped[\s\S]*to 1 browser/);
    const found = alice.getByRole('region', { name: 'Whose number it was' });
    await found.getByText(caller().number, { exact: true }).first().waitFor();
    await found.getByRole('link', { name: caller().name }).waitFor();
    expect(await alice.locator('img[src="x"]').count()).toBe(0);
    expect(await alice.evaluate(() => 'harmed' in globalThis)).toBe(false);
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.goto(`${hub.url}/calls`);
    await alice.getByLabel('Search').fill('nobody of that name');
    await alice.getByText('No calls found').waitFor();
    await alice.goto(`${hub.url}/desk`);
    await alice.getByText('No call right now').waitFor();
  });
}
