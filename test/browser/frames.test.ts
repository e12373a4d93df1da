import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keepPictures, openBrowser } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import * as portal from '../support/portal.ts';

/** Ringside in a frame of a ServiceNow instance: another site, so the browser keeps the usual cookie from it. */
describe('in a frame', () => {
  let hub: TestHub;
  let browser: Browser;
  let page: Page;
  let embed: string;
  const outer = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    const src = new URL(request.url ?? '/', 'http://outer').searchParams.get('src');
    response.end(
      `<!doctype html><title>Instance</title><iframe src="${src}" width=1200 height=700>`,
    );
  });
  const at = (host: string) => {
    const { port } = outer.address() as AddressInfo;
    return `http://${host}:${port}/?src=${encodeURIComponent(embed)}`;
  };

  beforeAll(async () => {
    const { email, password } = portal.administrator;
    [hub, browser] = await Promise.all([
      startTestHub({ RINGSIDE_ADMIN_EMAIL: email, RINGSIDE_ADMIN_PASSWORD: password }),
      openBrowser(),
      new Promise<void>((resolve) => void outer.listen(0, '127.0.0.1', resolve)),
    ]);
    page = await (await browser.newContext()).newPage();
    await portal.signIn(page, hub.url, email, password);
    await portal.openManageOrganization(page);
    await portal.addServiceNow(page);
    const { port } = outer.address() as AddressInfo;
    await portal.fillCredential(page, {
      username: 'ringside',
      password: 'not asked here',
      endpoint: 'https://acme.service-now.com/',
      // The page is asked for as localhost, the hub as 127.0.0.1: two sites.
      detailsLink: `http://localhost:${port}/`,
    });
    await portal.saveCredential(page);
    embed = await page
      .getByRole('group', { name: 'Address for a frame in ServiceNow' })
      .innerText();
  });
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    outer.close();
  });

  test(
    'somebody signs in and is on the live stream, by a cookie for that site alone',
    { timeout: 180_000 },
    async () => {
      const context = await browser.newContext();
      const framed = await context.newPage();
      await framed.goto(at('localhost'));
      const frame: FrameLocator = framed.frameLocator('iframe');
      await frame.getByLabel('E-mail').fill(portal.administrator.email);
      await frame.getByRole('textbox', { name: 'Password' }).fill(portal.administrator.password);
      await frame.getByRole('button', { name: 'Sign in' }).click();
      await frame.getByRole('heading', { name: 'Desk', exact: true }).waitFor();
      // Shown once the live stream has told it.
      await frame.getByText('You have no phone extension yet').waitFor();
      const [cookie] = await context.cookies(hub.url);
      expect(cookie).toMatchObject({ sameSite: 'None', httpOnly: true, secure: true });
      // Opened by itself the hub knows nobody.
      const alone = await context.newPage();
      await alone.goto(`${hub.url}/desk`);
      await alone.getByRole('button', { name: 'Sign in' }).waitFor();
      await context.close();
    },
  );

  test('another site gets no frame', async () => {
    const context = await browser.newContext();
    const framed = await context.newPage();
    const refused = framed.waitForEvent('console', {
      predicate: (message) => message.text().includes('frame-ancestors'),
    });
    await framed.goto(at('127.0.0.1'));
    await refused;
    await framed.goto(
      at('localhost').replace(encodeURIComponent('/embed'), encodeURIComponent('/desk?')),
    );
    await framed.waitForTimeout(500);
    expect(await framed.frameLocator('iframe').getByLabel('E-mail').count()).toBe(0);
    await context.close();
  });
});
