import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../src/organization/authenticator.testing.ts';
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
  });
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
    ['/sign-in/forgotten', /Ask an administrator of your organization/],
    ['/no/such/page', 'There is no such page'],
  ])('%s is explained', async (path, words) => {
    await page.goto(hub.url + path);
    await page.getByText(words).first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('no text becomes markup, and nothing but built files becomes a script', async () => {
    const context = await browser.newContext();
    const strict = await context.newPage();
    await strict.goto(`${hub.url}/sign-in`);
    await strict.getByRole('button', { name: 'Sign in' }).waitFor();
    const tried = await strict.evaluate(() => {
      const outcome = (work: () => unknown) => {
        try {
          work();
          return 'done';
        } catch (error) {
          return (error as Error).name;
        }
      };
      return [
        outcome(() => (document.createElement('p').innerHTML = '<img src=x>')),
        outcome(() => (document.createElement('style').innerHTML = 'p { color: red }')),
        outcome(() => (document.createElement('script').src = '/favicon.svg')),
        outcome(() => (document.createElement('script').src = 'https://evil.example/assets/x.js')),
      ];
    });
    expect(tried).toEqual(['TypeError', 'done', 'TypeError', 'TypeError']);
    await context.close();
  });

  test('two-factor sign-in is asked for, set up, and used', { timeout: 240_000 }, async () => {
    const { email, password } = portal.administrator;
    await page.goto(`${hub.url}/admin/organization`);
    await page.getByRole('radio', { name: 'Administrators' }).check();
    await page.getByText('This includes you').waitFor();
    await portal.save(page);
    await page.getByRole('heading', { name: 'Set up two-factor sign-in' }).waitFor();
    await page.getByRole('textbox', { name: 'Your password' }).fill(password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const key = await page
      .getByRole('group', { name: 'Or type this key into the app' })
      .innerText();
    const app = () => codeOf(`otpauth://totp/x?secret=${key}`);
    await page.getByLabel('Six digits').fill(app());
    await page.getByRole('button', { name: 'Turn on' }).click();
    const codes = await page.getByRole('list', { name: 'Recovery codes' }).innerText();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ringside-recovery-codes.txt');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('heading', { name: 'Manage Organization' }).waitFor();

    const other = await (await browser.newContext()).newPage();
    await other.goto(`${hub.url}/account`);
    await other.getByLabel('E-mail').fill(email);
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByLabel('Code', { exact: true }).fill('000000');
    await other.keyboard.press('Enter');
    await other.getByText('This code does not fit.').first().waitFor();
    expect(await seriousFaults(other)).toEqual([]);
    await other.getByLabel('Code', { exact: true }).fill(codes.trim().split(/\s+/)[0]!);
    await other.keyboard.press('Enter');
    await other.getByText('Your organization asks for it.').waitFor();
    expect(new URL(other.url()).pathname).toBe('/account');
    expect(await seriousFaults(other)).toEqual([]);
    await other.context().close();
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
