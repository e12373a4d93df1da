import { expect, test } from 'vitest';
import type { ThreecxServer } from '../../../src/telephony/threecx/threecx-server.testing.ts';
import { seriousFaults } from '../../support/browser.ts';
import * as portal from '../../support/portal.ts';
import { cardOf, clear } from './the-day.ts';
import type { Day } from './the-day.ts';

const caseTable = 'sn_customerservice_case';

/** Whoever called in vain, until they are called back by the 3CX. */
export function missed(day: Day, threecx: () => ThreecxServer): void {
  test('who called in vain is listed once, has a case by rule, and goes when called back', async () => {
    const { admin, alice, phone, sandbox } = day;
    await admin.getByLabel('Seats of Engage').fill('1');
    await admin.getByRole('switch', { name: 'Open a case for a missed or abandoned call' }).click();
    expect(await seriousFaults(admin)).toEqual([]);
    await portal.save(admin);

    const caller = sandbox.lookups.uniqueContact();
    const cases = () =>
      sandbox.records
        .find(caseTable, `short_descriptionSTARTSWITHMissed call from ${caller.name}`)
        .filter(({ short_description: text }) => text?.includes(caller.name));
    const notesWith = (text: string) =>
      sandbox.records
        .find('sys_journal_field', `name=${caseTable}^element=work_notes`)
        .filter(({ value }) => value?.includes(text));
    const miss = async (callId: string) => {
      await phone.ring({ callId, from: caller.number, users: ['101'] });
      await phone.hangUp(callId, 'noAnswer');
    };
    await miss('vain-1');
    const menu = alice.getByRole('navigation', { name: 'Main' });
    await menu.getByText('(1 open)').waitFor();
    await menu.getByRole('link', { name: 'Missed' }).click();
    const row = alice.getByRole('row', { name: caller.name });
    await row.getByRole('link', { name: /^CS/ }).waitFor();
    await miss('vain-2');
    await row.getByText('2 times').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await expect.poll(() => notesWith('Called again').length).toBe(1);
    expect(cases()).toHaveLength(1);

    await row.getByRole('button', { name: 'Close' }).click();
    await alice.getByText('Nobody waits for a call back').waitFor();
    await alice.getByRole('button', { name: 'Undo' }).click();
    await row.getByRole('button', { name: /^Call back/ }).click();
    const dialog = alice.getByRole('dialog', { name: /^Call / });
    await dialog.getByRole('button', { name: 'Call', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const call = { id: 9, callid: 77, party_dn_type: 'Wexternalline' };
    threecx().put('101', { ...call, status: 'Dialing', party_caller_id: caller.number });
    threecx().put('101', { ...call, status: 'Connected', party_caller_id: caller.number });
    await alice.getByText('Nobody waits for a call back').waitFor();
    await alice.getByText('Closed', { exact: true }).click();
    await row.getByText('Called back by Alice Agent').waitFor();
    expect(cases()).toHaveLength(1);
    threecx().remove('101', call.id);
    await alice.goto(`${day.hub.url}/desk`);
    await cardOf(alice, caller)
      .getByText(/^Ended/)
      .first()
      .waitFor();
    await clear(alice);
  });
}
