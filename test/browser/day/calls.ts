import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../../support/browser.ts';
import { cardOf, clear } from './the-day.ts';
import type { Day } from './the-day.ts';

/** Several calls, colleagues, windows and lost lines, by keyboard wherever a keyboard would do. */
export function calls(day: Day): void {
  let [ada, ben] = [
    { name: '', number: '' },
    { name: '', number: '' },
  ];
  beforeAll(() => {
    ada = day.sandbox.lookups.uniqueContact(({ openCases }) => openCases > 1);
    ben = day.sandbox.lookups.uniqueContact(({ openCases }) => openCases === 1);
  });
  const state = (page: Page, who: { name: string }, text: RegExp) =>
    cardOf(page, who).getByText(text).first().waitFor();
  const heading = (page: Page, who: { name: string }) =>
    cardOf(page, who).getByRole('heading', { name: who.name });

  test('two calls at once: the second waits on top, the keys turn to it, neither is lost', async () => {
    const { alice, phone } = day;
    await phone.ring({ callId: 'a', from: ada.number, users: ['101'] });
    await state(alice, ada, /^Ringing$/);
    await phone.answer('a', '101');
    await state(alice, ada, /^Talking$/);
    await phone.ring({ callId: 'b', from: ben.number, users: ['101'] });
    await state(alice, ben, /^Ringing$/);
    // The conversation stays whole, the ring is a line above it.
    await heading(alice, ada).waitFor();
    expect(await cardOf(alice, ben).getByRole('heading').count()).toBe(0);
    const top = alice.getByRole('article').first();
    await expect.poll(() => top.innerText()).toContain(ben.name);
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('k');
    await heading(alice, ben).waitFor();
    await expect
      .poll(() => alice.evaluate(() => document.activeElement?.getAttribute('data-state')))
      .toBe('ringing');
    await alice.keyboard.press('j');
    await heading(alice, ada).waitFor();
    await phone.answer('b', '101');
    await heading(alice, ben).waitFor();
    await phone.hangUp('b');
    await state(alice, ben, /^Ended$/);
    await state(alice, ada, /^Talking$/);
  });

  test('the hub goes away and comes back: nothing shown is lost, and what happened meanwhile is there', async () => {
    const { alice, hub, phone } = day;
    await hub.restart(async () => {
      await alice.getByText('Reconnecting…', { exact: false }).waitFor();
      await heading(alice, ben).waitFor();
    });
    await alice.getByText('Extension 101').waitFor();
    await phone.hangUp('a');
    await alice.getByRole('button', { name: new RegExp(`^${ada.name}.*Ended`) }).waitFor();
    // The call that was turned to is the one shown after a reload, too.
    await alice.reload();
    await heading(alice, ben).waitFor();
    await alice.keyboard.press('e');
    await clear(alice);
  });

  test('a call passed on to a colleague goes on in their browser', async () => {
    const { alice, bob, phone } = day;
    await phone.ring({ callId: 'c', from: ada.number, users: ['101'] });
    await phone.answer('c', '101');
    await state(alice, ada, /^Talking$/);
    await phone.ring({ callId: 'c', from: ada.number, users: ['102'] });
    await phone.answer('c', '102');
    await state(bob, ada, /^Talking$/);
    await cardOf(bob, ada)
      .getByText(/Passed on from Alice Agent/)
      .waitFor();
    await state(alice, ada, /^Ended$/);
    await phone.hangUp('c');
    await state(bob, ada, /^Ended$/);
    await clear(alice, bob);
  });

  test('while nobody looks one notification tells of a call, and goes when a colleague answers it', async () => {
    const { alice, bob, hub, phone } = day;
    await alice.getByRole('button', { name: 'Turn on notifications' }).click();
    const second = await alice.context().newPage();
    await second.goto(`${hub.url}/account`);
    await second.getByRole('switch', { name: /Show a notification/, checked: true }).waitFor();
    await lookAway(second, true);
    const told = async () => (await Promise.all([alice, second].map(notes))).flat();

    await phone.ring({ callId: 'd', from: ben.number, users: ['101', '102'] });
    await second.getByText(ben.name, { exact: false }).first().waitFor();
    expect(await told()).toEqual([]);
    await lookAway(alice, true);
    const title = `${ben.name} is calling`;
    await expect.poll(told).toEqual([{ title, closed: false }]);
    await phone.answer('d', '102');
    await expect.poll(told).toEqual([{ title, closed: true }]);
    await lookAway(alice, false);
    await second.close();
    await phone.hangUp('d');
    await state(bob, ben, /^Ended$/);
    await clear(bob);
  });

  test('a telephone link asks before it calls, and says why it cannot', async () => {
    const { alice, hub } = day;
    await alice.goto(`${hub.url}/desk?call=${encodeURIComponent(`tel:${ada.number}`)}`);
    const dialog = alice.getByRole('dialog', { name: /^Call \+/ });
    await dialog.getByText(ada.name, { exact: false }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await expect.poll(() => new URL(alice.url()).search).toBe('');
    await dialog.getByText('cannot be asked to place one', { exact: false }).waitFor();
    await alice.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('every action is in the help and in the command palette', async () => {
    const { alice } = day;
    await alice.keyboard.press('?');
    const help = alice.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('Next call').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await alice.keyboard.press('Control+k');
    await alice.getByLabel('Command', { exact: true }).fill('sound');
    await alice.keyboard.press('Enter');
    await alice.getByRole('heading', { name: /When a call rings/ }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.goBack();
    await alice.getByText('No call right now').waitFor();
  });
}

interface Testing {
  testing: { notes: { title: string; closed: boolean }[]; away: boolean };
}

function notes(page: Page): Promise<{ title: string; closed: boolean }[]> {
  return page.evaluate(() =>
    (globalThis as unknown as Testing).testing.notes.map(({ title, closed }) => ({
      title,
      closed,
    })),
  );
}

async function lookAway(page: Page, away: boolean): Promise<void> {
  await page.evaluate((gone) => {
    (globalThis as unknown as Testing).testing.away = gone;
    document.dispatchEvent(new Event('visibilitychange'));
  }, away);
}
