import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import type { ThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import { keepPictures, openBrowser, seriousFaults } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import * as portal from '../support/portal.ts';

/** Kinds of phone systems other than the generic webhook and Asterisk, in the Admin Portal. */
describe('the Phone Systems section', { timeout: 60_000 }, () => {
  let hub: TestHub;
  let browser: Browser;
  let admin: Page;
  let threecx: ThreecxServer;

  beforeAll(async () => {
    [hub, browser, threecx] = await Promise.all([
      startTestHub(),
      openBrowser(),
      startThreecxServer(),
    ]);
    admin = await browser.newPage();
    await portal.setUp(admin, hub.url);
  }, 180_000);
  beforeEach((context) => keepPictures(context, browser));
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    await threecx?.close();
  });

  const add = async (kind: string, name: string) => {
    await admin.getByRole('button', { name: 'Add phone system' }).click();
    const dialog = admin.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption(kind);
    await dialog.getByLabel('Name').fill(name);
    return dialog;
  };
  const rowOf = (name: string) => admin.getByRole('row').filter({ hasText: name });

  test('Twilio asks for its auth token, and then its signed events are taken', async () => {
    const dialog = await add('twilio', 'Cloud');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const url = await dialog.getByRole('group', { name: 'Hook URL' }).innerText();
    expect(await dialog.getByText('Try it').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await rowOf('Cloud').getByText('Fill in Auth token').waitFor();
    await rowOf('Cloud').getByRole('button', { name: 'Modify: Cloud' }).click();
    const modify = admin.getByRole('dialog', { name: 'Modify Cloud' });
    await modify.getByLabel('Auth token').fill('secret-token');
    expect(await seriousFaults(admin)).toEqual([]);
    await modify.getByRole('button', { name: 'Save' }).click();
    await rowOf('Cloud').getByText('Signature required').waitFor();

    const fields = {
      CallSid: 'CA1',
      CallStatus: 'ringing',
      Direction: 'inbound',
      From: '+493012345678',
      To: '+49309',
    };
    const signed = url + Object.entries(fields).flat().join('');
    const signature = createHmac('sha1', 'secret-token').update(signed).digest('base64');
    const post = (header: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': header },
        body: new URLSearchParams(fields),
      });
    expect((await post(signature)).status).toBe(204);
    expect((await post('x')).status).toBe(401);
  });

  test('3CX is linked by its form, tells its state, and gets its CRM template', async () => {
    await portal.addThreecx(admin, { name: 'Office', url: threecx.url });
    await rowOf('Office').getByRole('button', { name: 'CRM template: Office' }).click();
    const template = admin.getByRole('dialog', { name: 'CRM template for Office' });
    expect(await seriousFaults(admin)).toEqual([]);
    const [download] = await Promise.all([
      admin.waitForEvent('download'),
      template.getByRole('button', { name: 'Make and download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ringside-3cx.xml');
    const xml = readFileSync(await download.path(), 'utf8');
    const [lookup = ''] = /http[^"?]*\/contacts/.exec(xml) ?? [];
    expect(lookup).toContain(`${hub.url}/hooks/phone/`);
    expect(await (await fetch(`${lookup}?number=117`)).json()).toEqual({ contacts: [] });
  });
});
