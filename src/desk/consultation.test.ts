import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import { receiveEvents } from '../calls/receive-events.ts';
import { recentCallsOfExtension } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { silentNotifier } from '../platform/notifier.testing.ts';
import type { CallEvent } from '../telephony/port.ts';
import { consultedCall, talksIn } from './consultation.ts';
import { testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9) + second * 1000);
type Fact = [second: number, fact: object];

const outside = {
  type: 'call-started',
  direction: 'inbound',
  from: '+12025550143',
  to: '+1202555',
};
const calls = (direction: string, from: string, to: string) => ({
  ...{ type: 'call-started', direction, from, to, queue: null },
});
const rings = (leg: string, extension: string | null = leg) => ({
  ...{ type: 'leg-ringing', leg, extension },
});
const answers = (leg: string, extension: string | null = leg) => ({
  ...{ type: 'leg-answered', leg, extension },
});
const places = (leg: string, extension: string) => ({ type: 'leg-placed', leg, extension });
const takes = (extension: string | null) => ({ type: 'call-answered', extension });
const leaves = (leg: string) => ({ type: 'leg-ended', leg, cause: 'normal' });
const over = { type: 'call-ended', cause: 'normal' };

const eventsOf = (call: string, facts: Fact[]) =>
  facts.map(([second, fact]) => ({ call, at: at(second), ...fact }) as CallEvent);

describe('who is in a conversation', () => {
  const fold = (...facts: Fact[]) =>
    eventsOf('c', facts).reduce<Call | null>(foldEvent, null) as Call;
  const answered: Fact[] = [
    [0, outside],
    [1, rings('201')],
    [1, rings('202')],
    [5, answers('201')],
  ];

  test.each<[string, boolean, Fact[], string, number]>([
    ['the phone that answered', true, answered, '201', 6],
    ['not before it did', false, answered, '201', 4],
    ['not who was only rung', false, answered, '202', 6],
    ['on hold as well', true, [...answered, [6, { type: 'leg-held', leg: '201' }]], '201', 7],
    ['not who left', false, [...answered, [7, leaves('201')], [7, answers('202')]], '201', 8],
    ['until then', true, [...answered, [7, leaves('201')], [7, answers('202')]], '201', 6],
    ['not after the end', false, [...answered, [9, over]], '201', 9],
    [
      'who dialled, once the far end answered',
      true,
      [
        [0, calls('outbound', '201', '+1')],
        [0, places('c', '201')],
        [1, rings('t', null)],
        [4, answers('t', null)],
      ],
      '201',
      5,
    ],
    [
      'not while it still rings there',
      false,
      [
        [0, calls('outbound', '201', '+1')],
        [0, places('c', '201')],
        [1, rings('t', null)],
      ],
      '201',
      5,
    ],
    [
      'of a webhook: who has the call',
      true,
      [
        [0, outside],
        [0, rings('201')],
        [0, rings('202')],
        [2, takes('202')],
      ],
      '202',
      3,
    ],
    [
      'of a webhook: not who was only rung, whose end nobody tells',
      false,
      [
        [0, outside],
        [0, rings('201')],
        [0, rings('202')],
        [2, takes('202')],
      ],
      '201',
      3,
    ],
    [
      'of a webhook: not who had it before',
      false,
      [
        [0, outside],
        [0, rings('201')],
        [2, takes('201')],
        [4, takes('202')],
      ],
      '201',
      5,
    ],
    [
      'of a webhook: who had it at that time',
      true,
      [
        [0, outside],
        [0, rings('201')],
        [2, takes('201')],
        [4, takes('202')],
      ],
      '201',
      3,
    ],
    [
      'of a webhook: who called somebody outside',
      true,
      [
        [0, calls('outbound', '201', '+491701234567')],
        [0, places('201', '201')],
        [2, takes('+491701234567')],
      ],
      '201',
      3,
    ],
  ])('%s', (_name, talks, facts, extension, second) => {
    expect(talksIn(fold(...facts), extension, at(second))).toBe(talks);
  });
});

describe('the call that a consultation is about', () => {
  let database: TestDatabase;
  let company: TestCompany;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    company = await testCompany(database.db);
  });

  /** The calls of each extension's latest, once all of this was told; by our clock it is the hundredth second. */
  async function told(...of: [call: string, facts: Fact[]][]): Promise<Map<string, StoredCall>> {
    const deps = {
      db: database.db,
      notifier: silentNotifier,
      clock: { now: () => at(100) },
      log: testLog,
    };
    for (const [call, facts] of of) await receiveEvents(deps, company, eventsOf(call, facts));
    const found = await Promise.all(
      ['201', '202', '203'].map((extension) =>
        recentCallsOfExtension(database.db, company.organizationId, extension, at(0)),
      ),
    );
    return new Map(found.flat().map((call) => [call.sourceId, call]));
  }
  const customer: [string, Fact[]] = [
    'customer',
    [
      [0, outside],
      [1, rings('201')],
      [3, answers('201')],
      [5, { type: 'leg-held', leg: '201' }],
    ],
  ];
  const consults = (call: string, from: string, to: string, second: number): [string, Fact[]] => [
    call,
    [
      [second, calls('internal', from, to)],
      [second, places(call, from)],
      [second, rings(`${call}-${to}`, to)],
    ],
  ];
  const about = async (found: Map<string, StoredCall>, call: string) =>
    (await consultedCall(database.db, found.get(call)!))?.sourceId ?? null;

  test('is the customer on hold, while the colleague’s phone still rings', async () => {
    const found = await told(customer, consults('asks', '201', '202', 6));
    expect(await about(found, 'asks')).toBe('customer');
    expect(await about(found, 'customer')).toBeNull();
  });

  test('stays so when the customer hangs up meanwhile', async () => {
    const [call, facts] = customer;
    const found = await told([call, [...facts, [9, over]]], consults('asks', '201', '202', 6));
    expect(await about(found, 'asks')).toBe('customer');
  });

  test('is none when the agent talked to nobody outside', async () => {
    const [call, facts] = customer;
    const found = await told([call, [...facts, [5.5, over]]], consults('asks', '201', '202', 6));
    expect(await about(found, 'asks')).toBeNull();
  });

  test('is none for whoever calls the agent meanwhile', async () => {
    const found = await told(customer, consults('interrupts', '203', '201', 6));
    expect(await about(found, 'interrupts')).toBeNull();
  });

  test('is the same for whom the colleague asks in turn', async () => {
    const [call, facts] = consults('asks', '201', '202', 6);
    const found = await told(
      customer,
      [call, [...facts, [8, answers('asks-202', '202')]]],
      consults('asks on', '202', '203', 10),
    );
    expect(await about(found, 'asks on')).toBe('customer');
  });

  test('is found where a webhook calls the consultation ‘in’ as well', async () => {
    const found = await told(
      [
        'customer',
        [
          [0, outside],
          [0, rings('201')],
          [2, takes('201')],
        ],
      ],
      [
        'asks',
        [
          [6, calls('inbound', '201', '202')],
          [6, rings('202')],
        ],
      ],
    );
    expect(await about(found, 'asks')).toBe('customer');
  });
});
