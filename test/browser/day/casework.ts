import { expect, test } from 'vitest';
import { seriousFaults } from '../../support/browser.ts';
import * as portal from '../../support/portal.ts';
import { clear, hostile } from './the-day.ts';
import type { Day } from './the-day.ts';

const caseTable = 'sn_customerservice_case';

/** What an agent does with a call, by keyboard, down to what stands in ServiceNow. */
export function casework(day: Day): void {
  /** Entries of cases alone: the call's own record tells of the notes as well. */
  const notesWith = (text: string, element = 'work_notes') =>
    day.sandbox.records
      .find('sys_journal_field', `name=${caseTable}^element=${element}`)
      .map((row) => row['value'] ?? '')
      .filter((value) => value.includes(text));
  const card = () => day.alice.locator('article').first();
  const takeCall = async (callId: string, from: string) => {
    await day.phone.ring({ callId, from, users: ['101'] });
    await day.phone.answer(callId, '101');
    await card().getByText('Talking').waitFor();
  };

  test('a case is tagged by one key, and a note typed while ServiceNow is down arrives when it is back', async () => {
    const { alice, sandbox } = day;
    const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await takeCall('case-one', caller.number);
    await alice.keyboard.press('g');
    await card().getByRole('region', { name: 'Tagged case' }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    sandbox.faults.set(['maintenance']);
    await alice.keyboard.press('n');
    await alice.keyboard.type('Printer on fire');
    await card().getByText('Saved', { exact: true }).waitFor();
    // Half-typed notes outlive a reload.
    await alice.reload();
    const field = card().getByRole('textbox', { name: 'Note on this call' });
    await expect.poll(() => field.inputValue()).toBe('Printer on fire');
    await field.press('Alt+s');
    await card().getByText('Saved here, on its way').first().waitFor();
    sandbox.faults.set([]);
    await card().getByText('In ServiceNow', { exact: true }).first().waitFor();
    await expect.poll(() => notesWith('Printer on fire').length).toBe(1);
  });

  test('the call is finished by keyboard: code, time and what was added go to the case once', async () => {
    const { alice, phone } = day;
    await phone.hangUp('case-one');
    await card().getByRole('button', { name: 'Finish' }).waitFor();
    await alice.keyboard.press('Escape');
    await alice.keyboard.press('n');
    await alice.keyboard.type(`It is out ${hostile}`);
    await alice.keyboard.press('Control+Enter');
    await card().getByRole('button', { name: 'Finish' }).waitFor({ state: 'hidden' });
    await expect.poll(() => notesWith('It is out').length).toBe(1);
    const [note] = notesWith('It is out');
    expect(note).toMatch(/Time worked: \d:\d\d\nAlice Agent, call with/);
    await card().getByText(hostile, { exact: false }).first().waitFor();
    await clear(alice);
  });

  test('a case is made, changed and commented on; a refusal is told in ServiceNow’s own words', async () => {
    const { admin, alice, sandbox } = day;
    // The administrator chooses from what the instance offers.
    await admin.getByRole('button', { name: 'Add case template' }).click();
    const template = admin.getByRole('group', { name: /^Case template/ });
    await template.getByLabel('Name').fill('Fault');
    await template.getByRole('combobox', { name: 'Assignment group' }).click();
    const group = 'Field Service';
    await admin.getByRole('option', { name: group }).click();
    expect(await seriousFaults(admin)).toEqual([]);
    await portal.save(admin);
    const caller = sandbox.lookups.uniqueContact();
    await takeCall('case-two', caller.number);
    await alice.keyboard.press('c');
    const form = alice.getByRole('dialog', { name: 'New case' });
    const subject = form.getByRole('textbox', { name: 'Short description' });
    expect(await subject.inputValue()).toBe(`Call from ${caller.name}`);
    await subject.fill('Scanner is silent');
    // Closed by mistake: what was typed is there again.
    await alice.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await alice.keyboard.press('c');
    expect(await subject.inputValue()).toBe('Scanner is silent');
    await form.getByRole('combobox', { name: 'Priority' }).selectOption('1 - Critical');
    expect(await seriousFaults(alice)).toEqual([]);
    await subject.press('Enter');
    await form.waitFor({ state: 'hidden' });
    await card()
      .getByRole('region', { name: 'Tagged case' })
      .getByRole('link', { name: /^CS/ })
      .waitFor();
    const made = sandbox.records.find(caseTable, 'short_description=Scanner is silent');
    expect(made).toMatchObject([{ priority: '1', contact_type: 'phone' }]);
    const groups = sandbox.records.find('sys_user_group', `name=${group}`);
    expect(made[0]?.['assignment_group']).toBe(groups[0]?.['sys_id']);

    await alice.keyboard.press('x');
    const change = alice.getByRole('dialog', { name: /^Change CS/ });
    await change.getByRole('combobox', { name: 'State' }).selectOption('Resolved');
    await change.getByRole('button', { name: 'Change the case' }).click();
    await change.getByText('The case was not changed.').waitFor();
    await change.getByRole('textbox', { name: 'Resolution notes' }).waitFor();
    await alice.keyboard.press('Escape');
    await change.waitFor({ state: 'hidden' });

    await alice.keyboard.press('p');
    const comment = alice.getByRole('dialog', { name: 'Write to the customer' });
    await comment.getByRole('textbox').fill('A technician comes at noon');
    // A reload in the middle of it opens it again, with what was typed.
    await alice.reload();
    await comment.waitFor();
    expect(await comment.getByRole('textbox').inputValue()).toBe('A technician comes at noon');
    await comment.getByRole('button', { name: 'Send to the customer' }).click();
    expect(await seriousFaults(alice)).toEqual([]);
    await comment.getByRole('button', { name: 'Yes, the customer may read it' }).click();
    await comment.waitFor({ state: 'hidden' });
    await expect.poll(() => notesWith('A technician comes at noon', 'comments').length).toBe(1);
  });

  test('what a business rule refuses needs attention: edited and sent again, or dropped, both audited', async () => {
    const { admin, alice, phone, sandbox } = day;
    sandbox.faults.set([`business-rule:${caseTable}`]);
    const refused = card().getByText(/Not in ServiceNow.*Business Rule 'Refuse everything'/);
    for (const [sent, text] of ['Refused?', 'Never mind'].entries()) {
      await alice.keyboard.press('Escape');
      await alice.keyboard.press('n');
      await alice.keyboard.type(text);
      await alice.keyboard.press('Alt+s');
      await refused.nth(sent).waitFor();
    }
    await card().getByText('Refused?').waitFor();
    sandbox.faults.set([]);
    const attention = alice.getByRole('alert', { name: /2 entries are not in ServiceNow/ });
    await attention.waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    // The administrator sees them, too, and whose they are.
    const outbox = admin.getByRole('group', { name: /^Outbox of / });
    await outbox
      .getByText(/^Alice Agent,/)
      .nth(1)
      .waitFor();
    await expect
      .poll(() => outbox.innerText())
      .toMatch(
        /Waiting\s+0[\s\S]*Oldest[\s\S]*Sent in the last hour\s+[1-9][\s\S]*Need attention\s+2/,
      );

    await attention
      .getByRole('button', { name: /^Mend / })
      .first()
      .click();
    const dialog = alice.getByRole('dialog', { name: /^Note on CS/ });
    await dialog.getByText(/Business Rule 'Refuse everything'/).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    const text = dialog.getByRole('textbox', { name: 'Work note' });
    await text.fill((await text.inputValue()).replace('Refused?', 'Accepted now'));
    await dialog.getByRole('button', { name: 'Send with these changes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => notesWith('Accepted now').length).toBe(1);

    const last = alice.getByRole('alert', { name: /1 entry is not in ServiceNow/ });
    await last.getByRole('button', { name: /^Mend / }).click();
    await dialog.getByRole('button', { name: 'Drop…' }).click();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.getByRole('button', { name: 'Drop…' }).click();
    await dialog.getByRole('button', { name: 'Drop it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await last.waitFor({ state: 'hidden' });
    expect(notesWith('Never mind')).toEqual([]);
    expect(notesWith('Refused?')).toEqual([]);
    const audited = await admin.evaluate(async () => (await fetch('/api/v1/audit')).text());
    for (const action of ['send write again', 'drop write']) expect(audited).toContain(action);
    await phone.hangUp('case-two');
    await card()
      .getByText(/^Ended/)
      .waitFor();
    await clear(alice);
  });
}
