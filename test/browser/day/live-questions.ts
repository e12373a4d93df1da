import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Day } from './the-day.ts';

/** What only ServiceNow knows of a caller while the phone rings. At the end of a day: the mirror stands still from now on. */
export function liveQuestions(day: Day): void {
  /** From now on only a live question tells the hub what is new, and ServiceNow takes its time for the next one. */
  async function onlyLive(): Promise<void> {
    await sql`update directory_sync set every_seconds = 86400, next_at = now() + interval '1 day'`.execute(
      day.hub.db,
    );
    day.sandbox.faults.set(['latency:6000@/api/now/table/customer_contact*1']);
  }

  test('who is known is asked for again while the phone rings: the pop changes in place', async () => {
    const caller = day.sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    await onlyLive();
    day.sandbox.records.update('customer_contact', caller.sysId, { title: 'Head of Live Data' });
    await day.phone.ring({ callId: 'live', from: caller.number, users: ['102'] });
    const card = day.bob.getByRole('article', { name: caller.name });
    // From the mirror, while ServiceNow has not answered.
    await card.getByText('Ringing').waitFor();
    expect(await card.innerText()).not.toContain('Head of Live Data');
    await card.getByText('Head of Live Data').waitFor();
    expect(await card.getByText(/^As of (just now|\d+ seconds ago)/).count()).toBe(1);
    await card.getByText('Ringing').waitFor();
    await day.phone.hangUp('live', 'cancel');
  });

  test('whom the mirror does not know ServiceNow is asked for: the unknown caller gets a name', async () => {
    await onlyLive();
    const number = day.sandbox.lookups.unknownNumber('AT');
    day.sandbox.records.insert('customer_contact', {
      name: 'Nova Newcomer',
      first_name: 'Nova',
      last_name: 'Newcomer',
      active: 'true',
      mobile_phone: number,
    });
    await day.phone.ring({ callId: 'new', from: number, users: ['102'] });
    await day.bob.getByRole('article', { name: 'Unknown caller' }).getByText('Ringing').waitFor();
    await day.bob.getByRole('article', { name: 'Nova Newcomer' }).getByText('Ringing').waitFor();
    await day.phone.hangUp('new', 'cancel');
    day.sandbox.faults.set([]);
  });
}
