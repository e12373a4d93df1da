import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import * as portal from '../support/portal.ts';

/** Accounts, sessions and the pages that nobody hopes to see. */
describe('signing in', () => {
  let hub: TestHub;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { email, password } = portal.administrator;
    [hub, browser] = await Promise.all([
      startTestHub({ RINGSIDE_ADMIN_EMAIL: email, RINGSIDE_ADMIN_PASSWORD: password }),
      openBrowser(),
    ]);
    page = await browser.newPage();
  }, 120_000);
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  test('a page asked for without signing in comes after it', async () => {
    await page.goto(`${hub.url}/account`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('E-mail').fill(portal.administrator.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('You are not signed in').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Password' }).fill(portal.administrator.password);
    await page.keyboard.press('Enter');
    await page.getByText('This browser', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/account');
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('sessions are listed, and one that is revoked is out', async () => {
    const other = await (await browser.newContext()).newPage();
    const { email, password } = portal.administrator;
    await portal.signIn(other, hub.url, email, password);
    await page.reload();
    await page.getByRole('button', { name: /^Sign out / }).click();
    await page.getByRole('button', { name: /^Sign out / }).waitFor({ state: 'hidden' });
    await other.goto(`${hub.url}/account`);
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.context().close();
  });

  test.each([
    ['/invite/not-a-token', /invitation/i],
    ['/no/such/page', 'There is no such page'],
  ])('%s is explained', async (path, words) => {
    await page.goto(hub.url + path);
    await page.getByText(words).first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('the dark is as readable', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['/account', '/admin/organization', '/desk']) {
      await page.goto(hub.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    }
  });
});
