import { expect, test } from 'vitest';
import { seriousFaults } from '../../support/browser.ts';
import { clear, hostile } from './the-day.ts';
import type { Day } from './the-day.ts';

/** Who is calling: found, attached, made, chosen, forgotten, left unknown. Nothing of it is ever markup. */
export function callers(day: Day): void {
  const unknown = () => day.sandbox.lookups.unknownNumber('DE');
  async function ring(callId: string, from: string, name: string | RegExp) {
    const { alice, phone } = day;
    await phone.ring({ callId: `who-${callId}`, from, users: ['101'] });
    const card = alice.locator('article[data-state="ringing"]');
    await card.getByRole('heading', { name, level: 2 }).waitFor();
    return card;
  }
  /** The call that the agent worked on goes out of the way of the next. */
  async function hangUp(callId: string) {
    await day.phone.hangUp(`who-${callId}`, 'cancel');
    await clear(day.alice);
  }

  test('an unknown caller is found by keyboard, the number attached, and known on the next call', async () => {
    const { alice, sandbox } = day;
    const known = sandbox.lookups.uniqueContact(({ field }) => field === 'mobile_phone');
    const card = await ring('one', unknown(), 'Unknown caller');
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('f');
    await alice.keyboard.type(known.name);
    await card
      .getByRole('option', { name: new RegExp(known.name) })
      .first()
      .waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await alice.keyboard.press('ArrowDown');
    await alice.keyboard.press('ArrowUp');
    await alice.keyboard.press('Enter');
    const field = card.getByRole('radio', { name: /Mobile phone/ });
    await field.check();
    // A reload comes back to what was picked.
    await alice.reload();
    await field.waitFor();
    await expect.poll(() => field.isChecked()).toBe(true);
    // What stands there is shown, and overwritten only when that was said.
    await card.getByText(known.raw).first().waitFor();
    await card.getByRole('button', { name: 'Attach the number' }).click();
    await card.getByText(/is replaced by/).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await card.getByRole('button', { name: 'Replace the mobile phone' }).click();
    await card.getByRole('heading', { name: known.name, level: 2 }).waitFor();
    await hangUp('one');
    await ring('two', unknown(), known.name);
    await expect
      .poll(() => sandbox.records.get('customer_contact', known.sysId))
      .toMatchObject({ mobile_phone: unknown() });
    await hangUp('two');
  });

  test('a contact is made with a new company, and known on the next call', async () => {
    const { alice, sandbox } = day;
    const number = unknown().replace(/\d{2}$/, '17');
    const card = await ring('three', number, 'Unknown caller');
    await alice.keyboard.press('a');
    await card.getByLabel('First name').waitFor();
    await alice.keyboard.type('Nora');
    await card.getByRole('button', { name: 'Create contact' }).click();
    await card.getByText('A contact needs a last name.').waitFor();
    await card.getByLabel('Last name').fill('Zyx');
    // A reload in the middle of it comes back to the form as it was.
    await alice.reload();
    await card.getByLabel('First name').waitFor();
    expect(await card.getByLabel('Last name').inputValue()).toBe('Zyx');
    await card.getByLabel('Company').fill('Zyx & Co');
    await card.getByRole('option', { name: 'Create company “Zyx & Co”' }).click();
    expect(await seriousFaults(alice)).toEqual([]);
    await card.getByRole('button', { name: 'Create contact' }).click();
    await card.getByRole('heading', { name: 'Nora Zyx', level: 2 }).waitFor();
    await card.getByText('Zyx & Co').first().waitFor();
    await hangUp('three');
    await ring('four', number, 'Nora Zyx');
    const made = () => sandbox.records.find('customer_contact', `phone=${number}`);
    await expect.poll(made).toHaveLength(1);
    expect(sandbox.records.find('customer_account', 'name=Zyx & Co')).toMatchObject([
      { sys_id: made()[0]?.['account'] },
    ]);
    await alice.getByRole('link', { name: /Open in ServiceNow/ }).waitFor();
    await hangUp('four');
  });

  test('whoever was chosen last comes first, and is forgotten and remembered again', async () => {
    const { alice, sandbox } = day;
    const shared = sandbox.lookups.sharedNumber(2);
    if (shared === null) throw new Error('The company has no shared number.');
    const card = await ring('five', shared.number, /./);
    const second = card.getByRole('radio').nth(1);
    const name = (await second.locator('..').innerText()).split('\n')[0] ?? '';
    await second.click();
    await card.getByRole('heading', { name, level: 2 }).waitFor();
    await hangUp('five');
    const again = await ring('six', shared.number, /./);
    const told = again.getByText(`${name}: chosen last time by Alice Agent, just now.`);
    await told.waitFor();
    const first = again.getByRole('radio').first().locator('..');
    await expect.poll(() => first.innerText()).toContain(name);
    await again.getByRole('button', { name: 'Forget this' }).click();
    await told.waitFor({ state: 'hidden' });
    await again.getByRole('button', { name: 'Undo' }).click();
    await told.waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await hangUp('six');
  });

  test('a caller who is left unknown is not asked about any more, also after a reload', async () => {
    const { alice } = day;
    const card = await ring('seven', unknown().replace(/\d{2}$/, '23'), 'Unknown caller');
    await alice.keyboard.press('u');
    await card.getByText('Left unknown.').waitFor();
    await alice.reload();
    await card.getByText('Left unknown.').waitFor();
    expect(await card.getByRole('combobox').count()).toBe(0);
    await card.getByRole('button', { name: 'Find out who it is' }).click();
    await card.getByRole('combobox').waitFor();
    await hangUp('seven');
  });

  test('a business rule that refuses is told in its own words, and what was typed stays', async () => {
    const { alice, sandbox } = day;
    sandbox.faults.set(['business-rule:customer_contact']);
    const card = await ring('refused', unknown().replace(/\d{2}$/, '31'), 'Unknown caller');
    await alice.keyboard.press('a');
    await card.getByLabel('First name').fill('Ole');
    await card.getByLabel('Last name').fill('Refused');
    await card.getByRole('button', { name: 'Create contact' }).click();
    await card.getByText(/Business Rule 'Refuse everything'/).waitFor();
    await card.getByRole('heading', { name: 'Ole Refused', level: 2 }).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    sandbox.faults.set([]);
    await hangUp('refused');
  });

  test('hostile text in every field of candidate, case and search result stays text', async () => {
    const { alice } = day;
    const card = await ring('eight', '+49305556660', `${hostile} Harm`);
    await card.getByText(hostile).nth(2).waitFor();
    await alice.keyboard.press('m');
    const title = () => card.getByLabel('Title').inputValue();
    const homePhone = () => card.getByLabel('Home phone').inputValue();
    await expect.poll(title).toBe(hostile);
    // What is typed into the record is there again after a reload, and gone after 'Cancel'.
    await card.getByLabel('Home phone').fill('030 55');
    await alice.reload();
    await expect.poll(homePhone).toBe('030 55');
    expect(await title()).toBe(hostile);
    await card.getByRole('button', { name: 'Cancel' }).click();
    await alice.keyboard.press('m');
    await expect.poll(homePhone).not.toBe('030 55');
    await card.getByRole('button', { name: 'Cancel' }).click();
    await alice.keyboard.press('f');
    await alice.keyboard.type('Harm');
    const option = card.getByRole('option', { name: /Harm/ }).first();
    await expect.poll(() => option.innerText()).toContain(hostile);
    expect(await card.locator('img[src="x"], b').count()).toBe(0);
    expect(await alice.evaluate(() => 'harmed' in globalThis)).toBe(false);
    await hangUp('eight');
  });
}
