import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertOrganization } from '../organization/organization-store.ts';
import { insertPhoneSystem } from '../organization/phone-system-store.ts';
import { systemClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { silentNotifier } from '../platform/notifier.testing.ts';
import type { PhoneEvent } from '../telephony/port.ts';
import { gatherEvents } from './gather-events.ts';
import type { EventSource } from './store.ts';

let database: TestDatabase;
const organizationId = newId();
beforeAll(async () => {
  database = await testDatabase();
  const organization = {
    id: organizationId,
    name: 'Acme',
    country: 'DE',
    timeZone: 'Europe/Berlin',
  };
  await insertOrganization(database.db, organization);
});
afterAll(() => database.close());

async function newSource(): Promise<EventSource> {
  const phoneSystemId = newId();
  const system = { id: phoneSystemId, kind: 'webhook', name: 'PBX' } as const;
  await insertPhoneSystem(database.db, organizationId, {
    ...system,
    tokenHash: Buffer.from(newId()),
  });
  return { organizationId, phoneSystemId };
}

/** Which calls each transaction changed. */
function watchedDeps(transactions: string[][]) {
  const known = new WeakMap<object, string[]>();
  const changed = async (trx: object, call: { sourceId: string }) => {
    const calls = known.get(trx) ?? [];
    if (!known.has(trx)) transactions.push(calls);
    known.set(trx, calls);
    calls.push(call.sourceId);
  };
  const { db } = database;
  return {
    db,
    clock: systemClock,
    log: testLog,
    notifier: silentNotifier,
    watchers: [{ changed }],
  };
}

const ringing = (call: string): PhoneEvent => ({
  ...{ type: 'leg-ringing', call, at: new Date(), leg: '101', extension: '101' },
});
const ended = (call: string): PhoneEvent => ({
  ...{ type: 'call-ended', call, at: new Date(), cause: 'normal' },
});

test('what comes while a batch is being committed goes on as one, of all phone systems', async () => {
  const transactions: string[][] = [];
  const receive = gatherEvents(watchedDeps(transactions));
  const [here, there] = [await newSource(), await newSource()];
  const first = receive(here, [ringing('a')]);
  await Promise.resolve();
  // The first is under way.
  const more = [receive(here, [ended('a'), ringing('c')]), receive(here, [ended('c')])];
  await Promise.all([first, ...more, receive(there, [ringing('d')]), receive(there, [])]);
  expect(transactions.map((calls) => calls.toSorted().join(' '))).toEqual(['a', 'a c d']);
  const { rows } = await database.pool.query(
    'select source_id, ended_at is not null as over from call where organization_id = $1 order by 1',
    [organizationId],
  );
  const over = { a: true, c: true, d: false };
  expect(Object.fromEntries(rows.map((row) => [row.source_id, row.over]))).toEqual(over);
});

test('a phone system whose events cannot be kept is told so, and harms no other', async () => {
  const receive = gatherEvents(watchedDeps([]));
  const deleted = { organizationId, phoneSystemId: newId() };
  const healthy = await newSource();
  const [refused, kept] = await Promise.allSettled([
    receive(deleted, [ringing('x')]),
    receive(healthy, [ringing('y')]),
  ]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: '23503' } });
  expect(kept.status).toBe('fulfilled');
  await receive(healthy, [ended('y')]);
});
