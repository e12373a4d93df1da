import { expect, test } from 'vitest';
import { demoAdministrator } from '../../../sandbox/demo/set-up-demo.ts';
import { seriousFaults } from '../../support/browser.ts';
import * as portal from '../../support/portal.ts';
import { cardOf, clear, overflow } from './the-day.ts';
import type { Day } from './the-day.ts';

/** From a ringing phone to the right agents' browsers, and what becomes of the call. */
export function ringing(day: Day): void {
  const caseOwner = () => day.sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);

  test('who is not mapped is told so and whom to ask, and the mapping takes effect at once', async () => {
    const { admin, alice, bob } = day;
    await admin.evaluate(async () => {
      const view = await (await fetch('/api/v1/organization')).json();
      const { version, name, country, timeZone, connections, people } = view;
      const crmUsers = { [connections[0].id]: null };
      const changes = people
        .filter((person: { role: string }) => person.role === 'agent')
        .map(({ id, extension, plan }: Record<string, unknown>) => ({
          id,
          extension,
          plan,
          crmUsers,
        }));
      const answer = await fetch('/api/v1/organization', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ version, name, country, timeZone, people: changes }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    });
    await alice.getByText('You are not mapped to a ServiceNow user yet').waitFor();
    await alice.getByText(demoAdministrator.email).waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await admin.reload();
    const column = admin.getByRole('button', { name: /ServiceNow .* mapped/ });
    if ((await column.getAttribute('aria-pressed')) === 'false') await column.click();
    await admin.getByRole('button', { name: /Suggested: Alice/ }).click();
    await admin.getByRole('button', { name: /Suggested: Bob/ }).click();
    await portal.save(admin);
    for (const page of [alice, bob]) await page.getByText('No call right now').waitFor();
  });

  test('both rung agents see who calls, why, and the open cases', async () => {
    const { alice, bob, phone, sandbox } = day;
    const caller = caseOwner();
    await phone.ring({ callId: 'one', from: caller.number, users: ['101', '102'] });
    for (const page of [alice, bob]) {
      const card = cardOf(page, caller);
      await card.getByText('Ringing').waitFor();
      await expect.poll(() => card.innerText()).toContain(caller.raw);
      const link = card.getByRole('link', { name: /^Open in ServiceNow/ }).first();
      expect(await link.getAttribute('href')).toContain(
        `${sandbox.url}/customer_contact.do?sys_id=${caller.sysId}`,
      );
      await expect.poll(() => card.getByRole('row').count()).toBeGreaterThan(1);
    }
    await expect.poll(() => alice.title()).toMatch(new RegExp(`^${caller.name}.* is calling$`));
    await alice.keyboard.press('y');
    await cardOf(alice, caller).getByText('The whole number is the same').waitFor();
    await cardOf(alice, caller).getByText('No other record has this number.').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
  });

  test('the other agent answers: the pop goes, and says who has it', async () => {
    const { alice, bob, phone } = day;
    await phone.answer('one', '102');
    await cardOf(bob, caseOwner()).getByText('Talking').waitFor();
    const title = new RegExp(`^${caseOwner().name}.* · Ringside$`);
    await expect.poll(() => bob.title()).toMatch(title);
    await cardOf(alice, caseOwner()).waitFor({ state: 'hidden' });
    await alice
      .getByText(/answered by Bob Agent/)
      .first()
      .waitFor();
  });

  test('a reload and a second tab restore the call', async () => {
    const { bob, phone, hub } = day;
    const caller = caseOwner();
    await bob.reload();
    await cardOf(bob, caller).getByText('Talking').waitFor();
    const second = await bob.context().newPage();
    await second.goto(`${hub.url}/desk`);
    await cardOf(second, caller).getByText('Talking').waitFor();
    await phone.hangUp('one');
    for (const page of [bob, second])
      await cardOf(page, caller)
        .getByText(/^Ended/)
        .waitFor();
    await bob.getByRole('button', { name: 'Dismiss this call' }).click();
    await second.getByText('No call right now').waitFor();
    await second.close();
  });

  test('several people with the number: the agent chooses by keyboard, and sees why the others rank lower', async () => {
    const { alice, phone, sandbox } = day;
    const shared = sandbox.lookups.sharedNumber(2);
    if (shared === null) throw new Error('The company has no shared number.');
    await phone.ring({ callId: 'two', from: shared.number, users: ['101'] });
    await alice.getByText('Who is it?').waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    const options = alice.getByRole('radio');
    await expect.poll(() => options.count()).toBe(shared.callers.length);
    await options.first().focus();
    await alice.keyboard.press('ArrowDown');
    await alice.keyboard.press('Enter');
    await alice.getByRole('button', { name: /Somebody else\?/ }).waitFor();
    await alice.reload();
    await alice.getByRole('button', { name: /Somebody else\?/ }).waitFor();
    await alice.keyboard.press('y');
    await alice
      .getByRole('listitem')
      .filter({ hasText: /Lower:|Ranks first/ })
      .first()
      .waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    await phone.hangUp('two', 'cancel');
    await alice
      .getByText(/Missed/)
      .first()
      .waitFor();
    await clear(alice);
  });

  test('unknown, anonymous and hostile callers are shown as harmless text', async () => {
    const { alice, phone, sandbox } = day;
    await phone.ring({
      callId: 'three',
      from: sandbox.lookups.unknownNumber('DE'),
      users: ['101'],
    });
    await alice.getByRole('article', { name: 'Unknown caller' }).waitFor();
    await phone.hangUp('three', 'cancel');
    await phone.ring({ callId: 'four', from: 'anonymous', users: ['101'] });
    await alice.getByRole('article', { name: 'Anonymous caller' }).waitFor();
    await phone.hangUp('four', 'cancel');
    const texts = [
      '^NQactive=true',
      '<script>alert(1)</script>',
      `+49${'1'.repeat(10_000)}`,
      '\u0000\u001b[2J\u202e',
    ];
    for (const [index, from] of texts.entries()) {
      const callId = `hostile-${index}`;
      await phone.ring({ callId, from, users: ['101'] });
      const card = alice.locator('article[data-state="ringing"]:visible');
      await card.waitFor();
      expect(await card.locator('script').count()).toBe(0);
      expect(await card.innerText()).toContain('Unknown caller');
      await phone.hangUp(callId, 'cancel');
      await card.waitFor({ state: 'hidden' });
    }
    await clear(alice);
  });

  test('without the View plan the Desk says what is missing and whom to ask', async () => {
    const { admin, alice } = day;
    const plan = admin.getByLabel('Selected Plan of Alice Agent');
    await plan.selectOption('');
    await portal.save(admin);
    await alice.getByText('Your calls need the View plan').waitFor();
    await alice.getByText(demoAdministrator.name).first().waitFor();
    expect(await seriousFaults(alice)).toEqual([]);
    const menu = alice.getByRole('navigation', { name: 'Main' });
    await menu.getByRole('link', { name: /^Missed/ }).click();
    await alice.getByText('Missed calls need the Core plan').waitFor();
    await menu.getByRole('link', { name: 'Calls', exact: true }).click();
    await alice.getByText('Calls need the View plan').waitFor();
    await alice.getByText(demoAdministrator.name).first().waitFor();
    expect(await alice.getByRole('alert').count()).toBe(0);
    expect(await seriousFaults(alice)).toEqual([]);
    await plan.selectOption('Enterprise');
    await portal.save(admin);
    // On whatever page they are, what they asked for is there.
    await alice.getByLabel('Search').waitFor();
    await menu.getByRole('link', { name: 'Desk' }).click();
    await alice.getByText('No call right now').waitFor();
  });

  test('two calls in a narrow window, in the dark, and at twice the size', async () => {
    const { bob, phone, sandbox } = day;
    const [first, second] = [
      caseOwner(),
      sandbox.lookups.uniqueContact(({ openCases }) => openCases > 1),
    ];
    await phone.ring({ callId: 'five', from: first.number, users: ['102'] });
    await phone.answer('five', '102');
    await phone.ring({ callId: 'six', from: second.number, users: ['102'] });
    await bob.locator('article[data-state="ringing"]').waitFor();
    await bob.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    for (const width of [360, 640]) {
      await bob.setViewportSize({ width, height: 700 });
      await expect.poll(() => overflow(bob)).toBeLessThanOrEqual(0);
      expect(await seriousFaults(bob)).toEqual([]);
    }
    await bob.setViewportSize({ width: 1280, height: 900 });
    await bob.emulateMedia({ colorScheme: null, reducedMotion: null });
    await phone.hangUp('five');
    await phone.hangUp('six', 'cancel');
    await clear(bob);
  });
}
