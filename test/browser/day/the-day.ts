import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { demoAdministrator, demoAgents, setUpDemo } from '../../../sandbox/demo/set-up-demo.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { keepPictures, openBrowser } from '../../support/browser.ts';
import { startTestHub } from '../../support/hub.ts';
import type { TestHub } from '../../support/hub.ts';
import { phoneAt } from '../../support/phone.ts';
import type { TestPhone } from '../../support/phone.ts';
import * as portal from '../../support/portal.ts';

/** Text that would do harm wherever it were taken for markup. */
export const hostile = '<img src=x onerror="globalThis.harmed=1"><b>Bo</b>';

const viewport = { width: 1280, height: 900 };

/** One hub, one ServiceNow, one phone system and three people with a browser of their own each. */
export interface Day {
  sandbox: Sandbox;
  hub: TestHub;
  browser: Browser;
  phone: TestPhone;
  /** The administrator, on Manage Organization. */
  admin: Page;
  /** The agents, at the Desk; their extensions are 101 and 102. */
  alice: Page;
  bob: Page;
}

/** Begins the day before the tests of the `describe` that calls it, and ends it after them. Nothing of the answer is there before. */
export function openDay(): Day {
  const day = {} as Day;
  beforeAll(async () => {
    const [sandbox, hub, browser] = await Promise.all([
      startSandbox({ port: 0, contacts: 300, seed: 4 }),
      startTestHub(),
      openBrowser(),
    ]);
    Object.assign(day, { sandbox, hub, browser });
    insertHostile(sandbox);
    const password = portal.agentPassword;
    const { hookUrl } = await setUpDemo({
      ...{ hubUrl: hub.url, sandboxUrl: sandbox.url, password },
      ...{ stop: new AbortController().signal, say: () => undefined },
    });
    const enter = (email: string) => begin(browser, hub.url, email, password);
    const [admin, alice, bob] = await Promise.all([
      enter(demoAdministrator.email),
      enter(demoAgents[0].email),
      enter(demoAgents[1].email),
    ]);
    await portal.openManageOrganization(admin);
    for (const page of [alice, bob]) await page.getByText('No call right now').waitFor();
    Object.assign(day, { phone: phoneAt(hookUrl), admin, alice, bob });
  }, 240_000);
  beforeEach((context) => {
    // After the pictures: what is told last is done first.
    context.onTestFailed(() => startOver(day));
    keepPictures(context, day.browser);
  });
  afterAll(async () => {
    await day.browser?.close();
    await day.hub?.close();
    await day.sandbox?.close();
  });
  return day;
}

/** After a test that failed: what it left ringing, open or broken is not there for the next one. */
async function startOver({ admin, alice, bob, hub, phone, sandbox }: Day): Promise<void> {
  sandbox.faults.set([]);
  await phone.hangUpAll();
  for (const page of [alice, bob].filter((desk) => !desk.isClosed())) {
    await page.setViewportSize(viewport);
    await page.goto(`${hub.url}/desk`);
    await clear(page);
  }
  await admin.goto(`${hub.url}/admin/organization`);
}

/** A contact with a company and a case, all of whose text is hostile. */
function insertHostile({ records }: Sandbox): void {
  const account = records.insert('customer_account', { name: `${hostile} GmbH` });
  const contact = records.insert('customer_contact', {
    ...{ first_name: hostile, last_name: 'Harm', title: hostile, city: hostile },
    ...{ email: `${hostile}@x.example`, account },
    ...{ mobile_phone: '+49 30 5556660', home_phone: hostile },
  });
  records.insert('sn_customerservice_case', {
    ...{ contact, account, short_description: hostile, active: 'true' },
  });
}

/** A browser whose notifications and visibility the test sees and sets: a headless one has neither. */
async function begin(browser: Browser, url: string, email: string, password: string) {
  const context = await browser.newContext({ viewport });
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
  await portal.signIn(page, url, email, password);
  return page;
}

/** The pop of a caller, open or folded. */
export function cardOf(page: Page, { name }: { name: string }): Locator {
  return page.getByRole('article', { name });
}

/** Takes whatever has ended, or is about to, off the Desk. */
export async function clear(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await expect.poll(() => page.evaluate(dismissEnded)).toEqual([]);
    await page.getByText('No call right now').waitFor();
  }
}

/** Runs in the page; answers the states of what was there before. */
async function dismissEnded(): Promise<string[]> {
  const answer = await fetch('/api/v1/desk/pops');
  const { pops } = (await answer.json()) as { pops: { callId: string; state: string }[] };
  for (const { callId } of pops.filter(({ state }) => state === 'ended'))
    await fetch(`/api/v1/desk/pops/${callId}/dismiss`, { method: 'POST' });
  return pops.map(({ state }) => state);
}

/** The page fits its window: nothing has to be scrolled sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
