import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ThreecxServer } from '../../../src/telephony/threecx/threecx-server.testing.ts';
import { seriousFaults } from '../../support/browser.ts';
import * as portal from '../../support/portal.ts';
import type { Day } from './the-day.ts';

/** Kinds of phone systems other than the generic webhook and Asterisk, in the Admin Portal. The 3CX stays. */
export function phoneSystems(day: Day, threecx: () => ThreecxServer): void {
  const add = async (kind: string, name: string) => {
    const { admin } = day;
    await admin.getByRole('button', { name: 'Add phone system' }).click();
    const dialog = admin.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption(kind);
    await dialog.getByLabel('Name').fill(name);
    return dialog;
  };
  const rowOf = (name: string) => day.admin.getByRole('row').filter({ hasText: name });

  test('Twilio asks for its auth token, and then its signed events are taken', async () => {
    const { admin } = day;
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
    const { admin, hub } = day;
    await portal.addThreecx(admin, { name: 'Office', url: threecx().url });
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
}
