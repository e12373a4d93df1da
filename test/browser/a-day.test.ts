import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoAgents, setUpDemo } from '../../sandbox/demo/set-up-demo.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { phoneAt } from '../support/phone.ts';
import type { TestPhone } from '../support/phone.ts';
import * as portal from '../support/portal.ts';

const password = portal.agentPassword;

/** What an agent lives through at the Desk, by keyboard wherever a keyboard would do. */
describe('a day at the Desk', () => {
  let sandbox: Sandbox;
  let hub: TestHub;
  let browser: Browser;
  let alice: Page;
  let bob: Page;
  let phone: TestPhone;
  let [ada, ben] = [
    { name: '', number: '' },
    { name: '', number: '' },
  ];

  beforeAll(async () => {
    [sandbox, hub, browser] = await Promise.all([
      startSandbox({ port: 0, contacts: 300, seed: 4 }),
      startTestHub(),
      openBrowser(),
    ]);
    const { hookUrl } = await setUpDemo({
      hubUrl: hub.url,
      sandboxUrl: sandbox.url,
      password,
      stop: new AbortController().signal,
      say: () => undefined,
    });
    phone = phoneAt(hookUrl);
    ada = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 1);
    ben = sandbox.lookups.uniqueContact(({ openCases }) => openCases === 1);
    [alice, bob] = (await Promise.all(demoAgents.map(({ email }) => begin(email)))) as [Page, Page];
  }, 180_000);
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    await sandbox?.close();
  });

  /** A browser whose notifications and visibility the test sees and sets: a headless one has neither. */
  async function begin(email: string): Promise<Page> {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      const notes: { title: string; closed: boolean; onclick?: () => void }[] = [];
      class Notification {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        closed = false;
        title: string;
        constructor(title: string) {
          this.title = title;
          notes.push(this);
        }
        close() {
          this.closed = true;
        }
      }
      const state = { notes, away: false };
      Object.assign(window, { Notification, testing: state });
      Object.defineProperty(document, 'visibilityState', {
        get: () => (state.away ? 'hidden' : 'visible'),
      });
    });
    const page = await context.newPage();
    await portal.signIn(page, hub.url, email, password);
    await page.getByText('No call right now').waitFor();
    return page;
  }

  const card = (page: Page, { name }: { name: string }) => page.getByRole('article', { name });
  const state = (page: Page, who: { name: string }, text: RegExp) =>
    card(page, who).getByText(text).first().waitFor();

  test('two calls at once: the second waits on top, the keys turn to it, neither is lost', async () => {
    await phone.ring({ callId: 'a', from: ada.number, users: ['101'] });
    await state(alice, ada, /^Ringing$/);
    expect(await alice.title()).toMatch(new RegExp(`^${ada.name}.* is calling$`));
    await phone.answer('a', '101');
    await state(alice, ada, /^Talking$/);
    await phone.ring({ callId: 'b', from: ben.number, users: ['101'] });
    await state(alice, ben, /^Ringing$/);
    // The conversation stays whole, the ring is a line above it.
    await card(alice, ada).getByRole('heading', { name: ada.name }).waitFor();
    expect(await card(alice, ben).getByRole('heading').count()).toBe(0);
    expect(await alice.getByRole('article').first().innerText()).toContain(ben.name);
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('k');
    await card(alice, ben).getByRole('heading', { name: ben.name }).waitFor();
    expect(await alice.evaluate(() => document.activeElement?.getAttribute('data-state'))).toBe(
      'ringing',
    );
    await alice.keyboard.press('j');
    await card(alice, ada).getByRole('heading', { name: ada.name }).waitFor();
    await phone.answer('b', '101');
    await card(alice, ben).getByRole('heading', { name: ben.name }).waitFor();
    await phone.hangUp('b');
    await state(alice, ben, /^Ended$/);
    await state(alice, ada, /^Talking$/);
  });

  test('the hub goes away and comes back: nothing shown is lost, and what happened meanwhile is there', async () => {
    await hub.restart(async () => {
      await alice.getByText('Reconnecting…', { exact: false }).waitFor();
      await card(alice, ben).getByRole('heading', { name: ben.name }).waitFor();
    });
    await alice.getByText('Extension 101').waitFor();
    await phone.hangUp('a');
    await alice.getByRole('button', { name: new RegExp(`^${ada.name}.*Ended`) }).waitFor();
    // The call that was turned to is the one shown after a reload, too.
    await alice.reload();
    await card(alice, ben).getByRole('heading', { name: ben.name }).waitFor();
    await alice.keyboard.press('e');
    await alice.getByText('No call right now').waitFor();
  });

  test('a call passed on to a colleague goes on in their browser', async () => {
    await phone.ring({ callId: 'c', from: ada.number, users: ['101'] });
    await phone.answer('c', '101');
    await state(alice, ada, /^Talking$/);
    await phone.ring({ callId: 'c', from: ada.number, users: ['102'] });
    await phone.answer('c', '102');
    await state(bob, ada, /^Talking$/);
    await state(alice, ada, /^Ended$/);
    await phone.hangUp('c');
    await state(bob, ada, /^Ended$/);
  });

  test('while nobody looks one notification tells of a call, and goes when a colleague answers it', async () => {
    await alice.keyboard.press('e');
    await alice.getByRole('button', { name: 'Turn on notifications' }).click();
    const second = await alice.context().newPage();
    await second.goto(`${hub.url}/account`);
    await second.getByRole('switch', { name: /Show a notification/, checked: true }).waitFor();
    await lookAway(second, true);
    const calls = async () => (await Promise.all([alice, second].map(notes))).flat();

    await phone.ring({ callId: 'd', from: ben.number, users: ['101', '102'] });
    await second.getByText(ben.name, { exact: false }).first().waitFor();
    expect(await calls()).toEqual([]);
    await lookAway(alice, true);
    await expect.poll(calls).toEqual([{ title: `${ben.name} is calling`, closed: false }]);
    await phone.answer('d', '102');
    await expect.poll(calls).toEqual([{ title: `${ben.name} is calling`, closed: true }]);
    await lookAway(alice, false);
    await second.close();
    await phone.hangUp('d');
  });

  test('a telephone link asks before it calls, and says why it cannot', async () => {
    await alice.goto(`${hub.url}/desk?call=${encodeURIComponent(`tel:${ada.number}`)}`);
    const dialog = alice.getByRole('dialog', { name: /^Call \+/ });
    await dialog.getByText(ada.name, { exact: false }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    expect(new URL(alice.url()).search).toBe('');
    await dialog.getByRole('button', { name: 'Call', exact: true }).click();
    await dialog
      .getByText('No phone system that can place calls is connected.', { exact: false })
      .waitFor();
    await alice.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('every action is in the help and in the command palette', async () => {
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
  });

  test('390 pixels wide, dark, and at twice the size', async () => {
    await phone.ring({ callId: 'e', from: ada.number, users: ['101'] });
    await phone.answer('e', '101');
    await phone.ring({ callId: 'f', from: ben.number, users: ['101'] });
    await state(alice, ben, /^Ringing$/);
    await alice.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    for (const width of [390, 640]) {
      await alice.setViewportSize({ width, height: 700 });
      const overflow = await alice.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await seriousFaults(alice)).toEqual([]);
    }
  });
});

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
