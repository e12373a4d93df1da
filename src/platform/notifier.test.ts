import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { queryOnce } from './database/query-once.ts';
import { testDatabase } from './database/testing.ts';
import type { TestDatabase } from './database/testing.ts';
import { newId } from './id.ts';
import { createNotifier, notify } from './notifier.ts';
import type { RunningNotifier } from './notifier.ts';

const organizationId = newId();
const soon = { timeout: 60_000 };
let database: TestDatabase;
/** Two nodes. */
let here: RunningNotifier;
let there: RunningNotifier;
beforeAll(async () => {
  database = await testDatabase();
  await sql`insert into organization (id, name, country, time_zone) values (${organizationId}, 'Acme', 'DE', 'Europe/Berlin')`.execute(
    database.db,
  );
});
beforeEach(async () => {
  here = await createNotifier({ connection: database.connection });
  there = await createNotifier({ connection: database.connection });
});
afterEach(() => Promise.all([here.close(), there.close()]));
afterAll(() => database.close());

const message = (id: unknown) => ({ organizationId, id });

function heardOn(notifier: RunningNotifier, channel = 'calls'): unknown[] {
  const heard: unknown[] = [];
  notifier.subscribe(channel, (payload) => heard.push((payload as { id: unknown }).id));
  return heard;
}

test('a message reaches the subscribers of its channel on every node, in order, once the transaction commits', async () => {
  const [own, others, silent] = [heardOn(here), heardOn(there), heardOn(there, 'other')];
  await database.db
    .transaction()
    .execute(async (trx) => {
      await here.publish(trx, 'calls', message('never'));
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await database.db.transaction().execute(async (trx) => {
    await here.publish(trx, 'calls', message(1));
    await here.publishAll(trx, 'calls', [{ payload: message(2) }, { payload: message(3) }]);
    expect(own).toEqual([]);
  });
  // The own node is told with the commit itself.
  expect(own).toEqual([1, 2, 3]);
  await vi.waitFor(() => expect(others).toEqual([1, 2, 3]), soon);
  expect(silent).toEqual([]);
});

test('one who has no notifier at hand reaches every node, this one too', async () => {
  const [own, others] = [heardOn(here), heardOn(there)];
  await database.db.transaction().execute((trx) => notify(trx, 'calls', message(1)));
  await vi.waitFor(() => expect([own, others]).toEqual([[1], [1]]), soon);
});

test('what is known besides reaches the own node alone', async () => {
  const own = vi.fn<(payload: unknown, known: unknown) => void>();
  const other = vi.fn<(payload: unknown, known: unknown) => void>();
  here.subscribe('calls', own);
  there.subscribe('calls', other);
  await here.publish(database.db, 'calls', message(1), 'the call');
  expect(own).toHaveBeenCalledWith(message(1), 'the call');
  await vi.waitFor(() => expect(other).toHaveBeenCalledWith(message(1), undefined), soon);
});

test('of transactions that commit in another order than they began none is left out', async () => {
  const others = heardOn(there);
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = database.db.transaction().execute(async (trx) => {
    await here.publish(trx, 'calls', message('began first'));
    begun.resolve();
    await slow.promise;
  });
  await begun.promise;
  await here.publish(database.db, 'calls', message('committed first'));
  await vi.waitFor(() => expect(others).toEqual(['committed first']), soon);
  slow.resolve();
  await first;
  await vi.waitFor(() => expect(others).toEqual(['committed first', 'began first']), soon);
});

test('a message whose sender died between commit and telling arrives all the same', async () => {
  const others = heardOn(there);
  // What a process leaves behind that is killed in that moment: the row.
  await sql`insert into notice (organization_id, id, node, channel, payload)
    values (${organizationId}, ${newId()}, ${newId()}, 'calls', ${JSON.stringify(message('left'))}::jsonb)`.execute(
    database.db,
  );
  await vi.waitFor(() => expect(others).toEqual(['left']), soon);
});

test('after a lost connection it listens again and says so', async () => {
  const others = heardOn(there);
  const back = vi.fn<() => void>();
  there.onReconnect(back);
  await queryOnce(
    database.connection,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ringside notifier' and datname = current_database()",
  );
  await vi.waitFor(() => expect(back).toHaveBeenCalledTimes(1), soon);
  await here.publish(database.db, 'calls', message(3));
  await vi.waitFor(() => expect(others).toEqual([3]), soon);
});

test('a node begins to listen while others talk', async () => {
  let talking = true;
  const talk = async () => {
    while (talking)
      await queryOnce(database.connection, `select pg_notify('ringside', 'somebody')`);
  };
  const talkers = [talk(), talk()];
  for (let start = 0; start < 20; start += 1) {
    const starting = createNotifier({ connection: database.connection });
    await expect(starting).resolves.toBeDefined();
    await (await starting).close();
  }
  talking = false;
  await Promise.all(talkers);
});

test('an ended subscription and a listener that throws do not harm others', async () => {
  const first = vi.fn<() => void>();
  const second = vi.fn<() => void>();
  const end = here.subscribe('calls', first);
  here.subscribe('calls', () => {
    throw new Error('bad listener');
  });
  here.subscribe('calls', second);
  end();
  await here.publish(database.db, 'calls', message(1));
  expect(second).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
});

test('a message that holds more than ids is refused', async () => {
  const publish = here.publish(database.db, 'calls', message('é'.repeat(4_000)));
  await expect(publish).rejects.toThrow('publish ids');
});
