import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import type { Message } from '../platform/notifier.ts';
import type { CallEvent } from '../telephony/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import { closeForgottenCalls } from './close-forgotten-calls.ts';
import { KeptCalls } from './kept-calls.ts';
import { createLedger } from './ledger.ts';
import { receiveEvents } from './receive-events.ts';
import { present } from './replay-command.ts';
import { callById, recentCallsOfExtension } from './store.ts';
import type { EventSource } from './store.ts';

const start = Date.parse('2026-03-01T09:00:00Z');
let database: TestDatabase;
let now = new Date(start);
const notices: { organizationId: string; callId: string }[] = [];
const minutes = (n: number) => new Date(start + n * 60_000);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** What this process remembers of calls; other nodes have their own. */
const remembered = new KeptCalls();

const deps = (kept = remembered) => ({
  kept,
  db: database.db,
  clock: { now: () => now },
  log: testLog,
  notifier: {
    publish: async (_db: unknown, _channel: string, payload: object) => {
      notices.push(payload as (typeof notices)[number]);
    },
    publishAll: async () => {},
    node: newId(),
    tell: (_channel: string, messages: readonly Message[]) => {
      notices.push(...messages.map(({ payload }) => payload as (typeof notices)[number]));
    },
    subscribe: () => () => {},
    onReconnect: () => () => {},
  },
});

async function newSource(): Promise<EventSource> {
  const source = { organizationId: newId(), phoneSystemId: newId() };
  await database.pool.query(
    `insert into organization (id, name, country, time_zone) values ($1, 'Test', 'DE', 'Europe/Berlin')`,
    [source.organizationId],
  );
  await addPhoneSystem(source);
  return source;
}

async function addPhoneSystem(source: EventSource): Promise<void> {
  await database.pool.query(
    `insert into phone_system (organization_id, id, kind, name, token_hash) values ($1, $2, 'webhook', 'PBX', $3)`,
    [source.organizationId, source.phoneSystemId, Buffer.from(newId())],
  );
}

/** In the order in which they were written. */
async function hintsOf({ organizationId }: EventSource) {
  const { rows } = await database.pool.query<{ call: string; extensions: string[] | null }>(
    `select call.source_id as call, payload -> 'extensions' as extensions
     from notice join call on call.organization_id = notice.organization_id and call.id = (payload ->> 'callId')::uuid
     where notice.organization_id = $1 and channel = 'calls' order by transaction, payload -> 'extensions'`,
    [organizationId],
  );
  return rows;
}

const newCall = (call: string, ...extensions: string[]): CallEvent[] => [
  {
    type: 'call-started',
    call,
    at: now,
    direction: 'inbound',
    from: '+4930123',
    to: '+4940999',
    queue: null,
  },
  ...extensions.map(
    (extension) => ({ type: 'leg-ringing', call, at: now, leg: extension, extension }) as const,
  ),
];
const answer = (call: string, extension: string): CallEvent[] => [
  { type: 'call-answered', call, at: now, extension },
];
const hangUp = (call: string): CallEvent[] => [
  { type: 'call-ended', call, at: now, cause: 'normal' },
];

async function callsOf(source: EventSource) {
  const { rows } = await database.pool.query<{ id: string }>(
    'select id from call where organization_id = $1 and merged_into is null order by source_id, id',
    [source.organizationId],
  );
  const calls = await Promise.all(
    rows.map((row) => callById(database.db, source.organizationId, row.id)),
  );
  return calls.filter((call) => call !== null);
}

async function journalOf(source: EventSource): Promise<string[]> {
  const { rows } = await database.pool.query<{ type: string }>(
    `select event->>'type' as type from call_event where organization_id = $1 order by id`,
    [source.organizationId],
  );
  return rows.map((row) => row.type);
}

describe('receiveEvents', () => {
  test('books a call from ring to hang-up', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, newCall('a', '101', '102'));
    now = minutes(1);
    await receiveEvents(deps(), source, answer('a', '102'));
    now = minutes(2);
    await receiveEvents(deps(), source, hangUp('a'));
    const [call, ...others] = await callsOf(source);
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      sourceId: 'a',
      result: 'answered',
      answeredBy: '102',
      startedAt: minutes(0),
      answeredAt: minutes(1),
      endedAt: minutes(2),
      legs: [{ extension: '101' }, { extension: '102' }],
    });
    expect(notices.filter((notice) => notice.callId === call?.id)).toHaveLength(3);
  });

  test('an event told twice leaves no trace', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, newCall('a', '101'));
    const heard = notices.length;
    now = minutes(1);
    await receiveEvents(deps(), source, newCall('a', '101'));
    expect(notices.length).toBe(heard);
    expect(await journalOf(source)).toEqual(['call-started', 'leg-ringing']);
  });

  test('many nodes at once, in any order, make one call', async () => {
    const source = await newSource();
    now = minutes(0);
    const events = [newCall('a', '101', '102'), answer('a', '101'), hangUp('a')];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events, ...events], { minLength: 9 }),
        async (heard) => {
          const call = newId();
          const nodes = [new KeptCalls(), new KeptCalls(), undefined];
          await Promise.all(
            heard.map((some, place) =>
              receiveEvents(
                { ...deps(), kept: nodes[place % 3] },
                source,
                some.map((event) => ({ ...event, call })),
              ),
            ),
          );
          const mine = (await callsOf(source)).filter((found) => found.sourceId === call);
          expect(mine).toHaveLength(1);
          expect(mine[0]).toMatchObject({
            result: 'answered',
            answeredBy: '101',
            from: '+4930123',
          });
          expect(mine[0]?.legs.map((leg) => leg.extension).toSorted()).toEqual(['101', '102']);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('the same source id on another phone system or in another organization is another call', async () => {
    const source = await newSource();
    const sibling = { ...source, phoneSystemId: newId() };
    await addPhoneSystem(sibling);
    const stranger = await newSource();
    now = minutes(0);
    for (const from of [source, sibling, stranger])
      await receiveEvents(deps(), from, newCall('a', '101'));
    expect(await callsOf(source)).toHaveLength(2);
    const [foreign] = await callsOf(stranger);
    expect(await callById(database.db, source.organizationId, foreign?.id ?? '')).toBeNull();
    expect(
      await recentCallsOfExtension(database.db, source.organizationId, '101', minutes(0)),
    ).toHaveLength(2);
  });

  test('a source id used again long after the end is a new call; a late hang-up is not', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, [
      ...newCall('1', '101'),
      ...answer('1', '101'),
      ...hangUp('1'),
    ]);
    now = minutes(30);
    await receiveEvents(deps(), source, newCall('1', '103'));
    expect(await callsOf(source)).toHaveLength(1);
    now = minutes(61);
    await receiveEvents(deps(), source, hangUp('1'));
    expect(await callsOf(source)).toHaveLength(1);
    await receiveEvents(deps(), source, newCall('1', '102'));
    await receiveEvents(deps(), source, answer('1', '102'));
    const [first, second, ...others] = await callsOf(source);
    expect(others).toEqual([]);
    expect([first?.answeredBy, second?.answeredBy]).toEqual(['101', '102']);
    expect(second).toMatchObject({ startedAt: minutes(61), endedAt: null });
  });

  test('a consultation becomes part of the call it serves, also for its late events', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, newCall('a', '101'));
    await receiveEvents(deps(), source, newCall('b', '102'));
    await receiveEvents(deps(), source, [{ type: 'call-merged', call: 'b', into: 'a', at: now }]);
    await receiveEvents(deps(), source, [{ type: 'call-merged', call: 'b', into: 'a', at: now }]);
    now = minutes(1);
    await receiveEvents(deps(), source, [
      { type: 'leg-answered', call: 'b', at: now, leg: '102', extension: '102' },
    ]);
    const calls = await callsOf(source);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ sourceId: 'a', answeredBy: '102' });
    expect(
      await recentCallsOfExtension(database.db, source.organizationId, '102', minutes(0)),
    ).toHaveLength(1);
  });

  test('the hint for other nodes names whose phones have a part in the call, that of a test call nobody’s', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, newCall('a', '101', '103'));
    await receiveEvents(deps(), source, newCall('b', '102'));
    await receiveEvents(deps(), source, [{ type: 'call-merged', call: 'b', into: 'a', at: now }]);
    expect(await hintsOf(source)).toEqual([
      { call: 'a', extensions: ['101', '103'] },
      { call: 'b', extensions: ['102'] },
      { call: 'b', extensions: ['102'] },
      { call: 'a', extensions: ['101', '103', '102'] },
    ]);
    const tested = await newSource();
    const [began] = newCall('c', '101');
    await receiveEvents(deps(), tested, [{ ...began, test: newId() } as CallEvent]);
    expect(await hintsOf(tested)).toEqual([{ call: 'c', extensions: null }]);
  });

  test('a merge told before either call is known holds', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, [{ type: 'call-merged', call: 'b', into: 'a', at: now }]);
    await receiveEvents(deps(), source, [...newCall('b', '102'), ...newCall('a', '101')]);
    const calls = await callsOf(source);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.legs).toHaveLength(2);
  });

  test('after a gap, what the snapshot does not list ended unseen', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, [
      ...newCall('a', '101'),
      ...answer('a', '101'),
      ...newCall('b', '102'),
    ]);
    now = minutes(5);
    await receiveEvents(deps(), source, [{ type: 'snapshot', at: now, calls: ['b'] }]);
    const [a, b] = await callsOf(source);
    expect(a).toMatchObject({ result: 'unknown', answeredBy: '101', endedAt: minutes(5) });
    expect(b).toMatchObject({ result: null });
  });
});

describe('a recorded stream', () => {
  test.each([
    ['asterisk', 'asterisk-22.10.1/11-attended-transfer-refer-replaces.ami.txt'],
    ['asterisk', 'asterisk-22.10.1/26-call-pickup-star8.ami.txt'],
    ['asterisk', 'asterisk-22.10.1-more/31-park-and-retrieve.ami.txt'],
    ['asterisk', 'asterisk-22.10.1-more/36b-link-lost-part2-after-reconnect-with-snapshot.ami.txt'],
    ['freeswitch', 'freeswitch-1.11.3-dev/11-attended-transfer-refer-replaces.esl-plain.txt'],
  ])('of %s gives the same calls in the database as in memory: %s', async (kind, file) => {
    const source = await newSource();
    now = minutes(0);
    const options = { trunks: ['trunk-carrier', '127.0.0.10'] };
    const stream = phoneSystemKind(kind)?.readStream?.(options);
    const bytes = readFileSync(join(import.meta.dirname, '../../test/captures', file));
    const ledger = createLedger();
    // A link that moves to and fro: what each node remembers of the calls is outdated again and again.
    const nodes = [new KeptCalls(), new KeptCalls()];
    for (const [place, event] of [...(stream?.push(bytes, now) ?? [])].entries()) {
      ledger.receive(event);
      await receiveEvents(deps(nodes[place % 3 === 0 ? 0 : 1]), source, [event]);
    }
    const stored = await callsOf(source);
    expect(stored.map(present)).toEqual(ledger.calls().map(present));
    expect(stored).toHaveLength(1);
  });
});

describe('closeForgottenCalls', () => {
  test('closes a ringing call after half an hour and an answered one after four hours', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, newCall('rings', '101'));
    await receiveEvents(deps(), source, [...newCall('talks', '102'), ...answer('talks', '102')]);
    const state = async () => {
      await closeForgottenCalls(deps());
      return (await callsOf(source)).map((call) => [call.sourceId, call.result]);
    };
    now = minutes(29);
    expect(await state()).toEqual([
      ['rings', null],
      ['talks', null],
    ]);
    now = minutes(31);
    expect(await state()).toEqual([
      ['rings', 'unknown'],
      ['talks', null],
    ]);
    now = minutes(241);
    expect(await state()).toEqual([
      ['rings', 'unknown'],
      ['talks', 'unknown'],
    ]);
  });
});

describe('recentCallsOfExtension', () => {
  test('lists what is up and what ended lately, newest first', async () => {
    const source = await newSource();
    now = minutes(0);
    await receiveEvents(deps(), source, [
      ...newCall('old', '101'),
      ...hangUp('old'),
      ...newCall('up', '101'),
    ]);
    now = minutes(20);
    await receiveEvents(deps(), source, [
      ...newCall('late', '101'),
      ...hangUp('late'),
      ...newCall('other', '102'),
    ]);
    const recent = await recentCallsOfExtension(
      database.db,
      source.organizationId,
      '101',
      minutes(10),
    );
    expect(recent.map((call) => call.sourceId)).toEqual(['late', 'up']);
  });
});

describe('watchers', () => {
  test('take part in the transaction of every change and every merger, and undo it by failing', async () => {
    const source = await newSource();
    now = minutes(0);
    const seen: unknown[] = [];
    const watcher = {
      changed: async (
        _trx: unknown,
        call: { id: string; endedAt: Date | null },
        before: object | null,
      ) => void seen.push([call.id, before === null, call.endedAt !== null]),
      merged: async (_trx: unknown, _organizationId: string, from: string, into: string) =>
        void seen.push([from, 'merged into', into]),
    };
    const watched = { ...deps(), watchers: [watcher] };
    await receiveEvents(watched, source, newCall('a', '101'));
    await receiveEvents(watched, source, newCall('b', '102'));
    const [[a], [b]] = seen as [[string], [string]];
    expect(seen).toEqual([
      [a, true, false],
      [b, true, false],
    ]);
    await receiveEvents(watched, source, [
      { type: 'call-merged', call: 'b', into: 'a', at: now },
      ...hangUp('a'),
    ]);
    expect(seen.slice(2)).toEqual([
      [a, false, false],
      [b, 'merged into', a],
      [a, false, true],
    ]);
    const failing = { ...deps(), watchers: [{ changed: () => Promise.reject(new Error('no')) }] };
    await expect(receiveEvents(failing, source, newCall('c', '103'))).rejects.toThrow('no');
    expect(
      await recentCallsOfExtension(database.db, source.organizationId, '103', minutes(0)),
    ).toEqual([]);
  });
});
