import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testDatabase } from './database/testing.ts';
import type { TestDatabase } from './database/testing.ts';
import { createNotifier } from './notifier.ts';
import type { RunningNotifier } from './notifier.ts';

let database: TestDatabase;
let notifier: RunningNotifier;
beforeEach(async () => {
  database = await testDatabase();
  notifier = await createNotifier({ connection: database.connection });
});
afterEach(async () => {
  await notifier.close();
  await database.close();
});

test('a message reaches the subscribers of its channel, in order, once the transaction commits', async () => {
  const calls: unknown[] = [];
  const others: unknown[] = [];
  notifier.subscribe('calls', (payload) => calls.push(payload));
  notifier.subscribe('other', (payload) => others.push(payload));
  await database.db
    .transaction()
    .execute(async (trx) => {
      await notifier.publish(trx, 'calls', { id: 'never' });
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await database.db.transaction().execute(async (trx) => {
    await notifier.publish(trx, 'calls', { id: 1 });
    await notifier.publish(trx, 'calls', { id: 2 });
  });
  await vi.waitFor(() => expect(calls).toEqual([{ id: 1 }, { id: 2 }]), 5_000);
  expect(others).toEqual([]);
});

test('after a lost connection it listens again and says so', async () => {
  const seen: unknown[] = [];
  const back = vi.fn<() => void>();
  notifier.subscribe('calls', (payload) => seen.push(payload));
  notifier.onReconnect(back);
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ringside notifier' and datname = current_database()",
  );
  await vi.waitFor(() => expect(back).toHaveBeenCalledTimes(1), 5_000);
  await notifier.publish(database.db, 'calls', { id: 3 });
  await vi.waitFor(() => expect(seen).toEqual([{ id: 3 }]), 5_000);
});

test('an ended subscription and a listener that throws do not harm others', async () => {
  const first = vi.fn<() => void>();
  const second = vi.fn<() => void>();
  const end = notifier.subscribe('calls', first);
  notifier.subscribe('calls', () => {
    throw new Error('bad listener');
  });
  notifier.subscribe('calls', second);
  end();
  await notifier.publish(database.db, 'calls', {});
  await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(1), 5_000);
  expect(first).not.toHaveBeenCalled();
});

test('a message that PostgreSQL would refuse is refused before', async () => {
  const publish = notifier.publish(database.db, 'calls', { text: 'é'.repeat(4_000) });
  await expect(publish).rejects.toThrow('publish ids');
});
