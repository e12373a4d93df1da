import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { countUse, stage, tellStages } from '../support/count-use.ts';
import type { Stage, Use } from '../support/count-use.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import * as portal from '../support/portal.ts';

/** The administrator's way of docs/admin-guide.md, in a real browser against the stand-in instance; one step after the other. */
describe('connecting ServiceNow', { timeout: 240_000 }, () => {
  let sandbox: Sandbox;
  let hub: TestHub;
  let browser: Browser;
  let page: Page;
  const consoleErrors: string[] = [];
  let use: Use;
  /** The guide's way without the detours of the tests: what it takes. */
  const stages: Stage[] = [];

  beforeAll(async () => {
    [sandbox, hub, browser] = await Promise.all([
      startSandbox({ port: 0, contacts: 300, seed: 4 }),
      startTestHub(),
      openBrowser(),
    ]);
    page = await browser.newPage();
    use = await countUse(page);
    page.on('pageerror', (error) => consoleErrors.push(error.message));
  });
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    await sandbox?.close();
  });

  test('the first visit makes the first administrator', async () => {
    await page.goto(hub.url);
    await page.getByRole('button', { name: 'Create organization' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await stage(use, stages, 'the first administrator', () => portal.setUp(page, hub.url));
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('steps 1 to 6: the green + leads to the connection setting', async () => {
    await stage(use, stages, 'steps 1 to 6', async () => {
      await portal.openManageOrganization(page);
      for (const section of [
        'Ringside Administration',
        'Connected Account and CRM Settings',
        'CRM User Mappings',
      ]) {
        await page.getByRole('heading', { name: section }).waitFor();
      }
      await portal.addServiceNow(page);
    });
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('steps 7 to 11: the credential is filled in and saved', async () => {
    const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Fill in CRM Password.').waitFor();
    await stage(use, stages, 'steps 7 to 11', async () => {
      await portal.fillCredential(page, {
        username: integrationUser,
        password: defaultPassword,
        endpoint: `${sandbox.url}/`,
        detailsLink: `${sandbox.url}/`,
      });
      await portal.saveCredential(page);
    });
  });

  test('steps 12 and 13: the Systems Check passes and pulls the data', async () => {
    let text = '';
    await stage(use, stages, 'steps 12 and 13, the Systems Check passes', async () => {
      text = await portal.runSystemsCheck(page);
    });
    expect(text).toContain('The connection to ServiceNow works');
    expect(text).toContain('300 contacts');
    expect(await page.locator('[data-step]').count()).toBe(10);
    expect(await seriousFaults(page)).toEqual([]);
    await stage(use, stages, 'its Close', () => portal.closeSystemsCheck(page));
  });

  test('Ringside itself is checked too, with a report for support that names nobody', async () => {
    // The Systems Check has looked at it before: that result is not told as the one of this run.
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/house-check', async (route) => {
      if (route.request().method() === 'POST') await held.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Check Ringside itself' }).click();
    const dialog = page.getByRole('dialog', { name: 'Systems Check' });
    await dialog.getByText('Checking Ringside itself').waitFor();
    expect(await statusOf('database')).toBe('waiting');
    held.resolve();
    await dialog.getByText('Ringside itself works, with warnings').waitFor();
    // On a busy machine it answers late, and is told so.
    expect(await statusOf('database')).toMatch(/pass|warn/);
    expect(await page.locator('[data-step="phone-systems"]').innerText()).toContain('What to do:');
    await dialog.getByRole('button', { name: 'Report for support' }).click();
    const report = dialog.getByRole('group', { name: 'Report for support' });
    await expect.poll(() => report.innerText()).toMatch(/Connection 1 \(servicenow\).*\n.*url/);
    expect(await report.innerText()).not.toContain(new URL(sandbox.url).host);
    expect(await seriousFaults(page)).toEqual([]);
    await portal.closeSystemsCheck(page);
    await page.unroute('**/api/v1/house-check');
  });

  test('a person is mapped and everything saved once', async () => {
    await stage(use, stages, 'a mapped person', async () => {
      await portal.addPerson(page, {
        name: 'Alice Agent',
        email: sandbox.lookups.agents.alice.email,
        extension: '101',
        plan: 'View',
      });
      const column = page.getByRole('button', { name: /ServiceNow .* mapped/ });
      if ((await column.getAttribute('aria-pressed')) === 'false') await column.click();
      await page.getByRole('button', { name: /Suggested: Alice/ }).click();
      await portal.save(page);
    });
    await page.getByRole('button', { name: /ServiceNow .*1 of 2 mapped/ }).waitFor();
  });

  test('a test call comes to this browser, hop by hop, and nothing of it to ServiceNow, the lists and the figures', async () => {
    await stage(use, stages, 'a phone system', async () => {
      await portal.addPhoneSystem(page, 'Head office');
    });
    sandbox.requests.clear();
    const figures = await begunCalls();
    const dialog = page.getByRole('dialog', { name: 'Systems Check' });
    await stage(use, stages, 'a test call that arrives', async () => {
      await page.getByRole('button', { name: 'Check Ringside itself' }).click();
      await dialog.getByRole('tab', { name: 'Test call' }).click();
      await dialog.getByRole('button', { name: 'Place a test call from Head office' }).click();
      await dialog.getByText(/^The test call arrived after/).waitFor();
    });
    console.log(tellStages(stages));
    for (const hop of ['received', 'committed', 'matched', 'streamed'])
      expect(await statusOf(hop)).toBe('pass');
    // After more than a second it counts as late.
    expect(await statusOf('shown')).toMatch(/pass|warn/);
    await page.getByText('A test call has come to this browser.').waitFor();
    expect(sandbox.requests.list().filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(await begunCalls()).toEqual(figures);
    const told = await page.evaluate(async () => (await fetch('/api/v1/calls')).text());
    expect(told).toContain('"running":[],"calls":[]');
    expect(await seriousFaults(page)).toEqual([]);
    await portal.closeSystemsCheck(page);
  });

  const statusOf = (step: string) =>
    page.locator(`[data-step="${step}"]`).getAttribute('data-status');

  async function begunCalls(): Promise<string[]> {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    return text.split('\n').filter((line) => /^ringside_(calls_|pops_total)/.test(line));
  }

  test('what was typed is checked, mended and saved', async () => {
    const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
    await page.getByRole('button', { name: /^Modify ServiceNow/ }).click();
    await portal.fillCredential(page, {
      username: integrationUser,
      password: defaultPassword,
      endpoint: `${sandbox.url}/nav_to.do`,
      detailsLink: sandbox.url,
    });
    await dialog.getByRole('button', { name: 'Save' }).click();
    const endpoint = dialog.getByRole('textbox', { name: 'Endpoint' });
    await expect.poll(() => endpoint.getAttribute('aria-invalid')).toBe('true');
    await portal.fillCredential(page, { endpoint: sandbox.url });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Something was mended', { exact: false }).waitFor();
    await expect.poll(() => endpoint.inputValue()).toBe(`${sandbox.url}/`);
    await dialog.getByText('Close', { exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  test('the password is stored, not shown, and kept when left empty', async () => {
    await page.getByRole('button', { name: /^Modify / }).click();
    const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
    await dialog.getByText('A password is stored', { exact: false }).waitFor();
    expect(await dialog.getByRole('textbox', { name: 'CRM Password' }).inputValue()).toBe('');
    const body = await page.evaluate(async () => (await fetch('/api/v1/organization')).text());
    expect(body).not.toContain(defaultPassword);
    await portal.saveCredential(page);
    expect(await portal.runSystemsCheck(page)).toContain('The connection to ServiceNow works');
    await portal.closeSystemsCheck(page);
  });

  test.each([
    ['csm-off', 'csm-active', 'Customer Service'],
    ['no-access:sn_customerservice_case', 'cases', 'sn_customerservice'],
  ])('with %s the step %s fails and says what to do', async (fault, step, words) => {
    sandbox.faults.set([fault]);
    const text = await portal.runSystemsCheck(page);
    sandbox.faults.set([]);
    expect(text).toContain('does not work yet');
    const row = page.locator(`[data-step="${step}"]`);
    expect(await row.getAttribute('data-status')).toBe('fail');
    expect(await row.innerText()).toContain('What to do:');
    expect(await row.innerText()).toContain(words);
    expect(await seriousFaults(page)).toEqual([]);
    await portal.closeSystemsCheck(page);
  });

  test('a wrong password fails the sign-in, and what was pulled stays', async () => {
    await portal.modifyServiceNow(page, { password: 'wrong' });
    const text = await portal.runSystemsCheck(page);
    expect(text).toContain('does not work yet');
    expect(await statusOf('signed-in')).toBe('fail');
    await portal.closeSystemsCheck(page);
    await portal.modifyServiceNow(page, { password: defaultPassword });
  });

  test('an endpoint that is not ServiceNow is told as such', async () => {
    const shop = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Shoes</title><h1>Shoes for sale</h1>');
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;
    await portal.modifyServiceNow(page, { endpoint: url, password: defaultPassword });
    const text = await portal.runSystemsCheck(page);
    shop.closeAllConnections();
    await new Promise((resolve) => shop.close(resolve));
    expect(text).toContain('does not work yet');
    expect(text).toMatch(/not (answer as )?a? ?ServiceNow|ServiceNow/);
    expect(await statusOf('reachable')).toBe('fail');
    await portal.closeSystemsCheck(page);
  });

  test('moving the Endpoint asks for the password again', async () => {
    await page.getByRole('button', { name: /^Modify / }).click();
    await portal.fillCredential(page, { endpoint: `${sandbox.url}/` });
    const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('type CRM Password again').first().waitFor();
    await portal.fillCredential(page, { password: defaultPassword });
    await portal.saveCredential(page);
  });

  test('nothing is kept before Save, leaving asks', async () => {
    await page.getByRole('textbox', { name: 'Phone Extension of Grace Admin' }).fill('102');
    await page.getByRole('link', { name: 'Desk' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    // By keyboard: who undoes goes on where they were.
    const extension = page.getByRole('textbox', { name: 'Phone Extension of Grace Admin' });
    await extension.focus();
    const bar = page.getByRole('region', { name: 'Unsaved changes' });
    await bar.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await bar.waitFor({ state: 'hidden' });
    await expect
      .poll(() => extension.evaluate((field) => field === document.activeElement))
      .toBe(true);
    await page.reload();
    await page.getByRole('button', { name: /ServiceNow .*1 of 2 mapped/ }).waitFor();
  });

  test('two people cannot have one extension: the clash is named', async () => {
    await page.getByRole('textbox', { name: 'Phone Extension of Grace Admin' }).fill('101');
    await page
      .getByText(/Alice Agent/)
      .nth(1)
      .waitFor();
    await page
      .getByRole('region', { name: 'Unsaved changes' })
      .getByRole('button', { name: 'Undo' })
      .click();
  });

  test('in a narrow window nothing sticks out, and each cell of a table stands beside its title as one', async () => {
    await page.setViewportSize({ width: 380, height: 800 });
    const audit = page.locator('#audit-log td[data-label="What"]');
    await audit.first().waitFor();
    const [width, torn] = await page.evaluate(() => {
      const parts = ({ childNodes }: Element) =>
        [...childNodes].filter((node) => node.textContent?.trim() !== '' || node.hasChildNodes());
      const cells = [...document.querySelectorAll<HTMLElement>('td[data-label]')];
      const torn = cells.filter((cell) => parts(cell).length > 1);
      return [document.documentElement.scrollWidth, torn.map((cell) => cell.dataset['label'])];
    });
    expect(width).toBe(380);
    expect(torn).toEqual([]);
  });

  test('no page threw an error', () => {
    expect(consoleErrors).toEqual([]);
  });
});
