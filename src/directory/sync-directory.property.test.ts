import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { CrmRecord } from '../crm/record.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { testInstance } from './instance.testing.ts';
import type { TestInstance } from './instance.testing.ts';
import { mirrorRow } from './mirror-row.ts';
import { numberRows } from './number-row.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { syncDirectory } from './sync-directory.ts';
import { contact, customer, newPlace, openCase, user } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());

/** Something that somebody does in the CRM. */
const edit = fc.record({
  what: fc.constantFrom('write', 'write', 'write', 'silent', 'remove'),
  type: fc.constantFrom('user', 'customer', 'contact', 'consumer', 'case'),
  id: fc.integer({ min: 0, max: 12 }),
  number: fc.integer({ min: 1_000_000, max: 1_000_020 }),
  seconds: fc.constantFrom(0, 0, 0, 1, 100),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function act(crm: TestInstance, { what, type, id, number, seconds }: Edit): void {
  crm.tick(seconds);
  const key = `${type}${String(id).padStart(2, '0')}`;
  if (what === 'remove') return crm.remove(key);
  const phones = { phone: `030 ${number}`, mobile_phone: id % 3 === 0 ? `0171 ${number}` : '' };
  const active = number % 5 !== 0;
  const make: Record<string, () => CrmRecord> = {
    user: () => user(key, { phones, active }),
    customer: () => customer(key, { phones }),
    contact: () => contact(key, { phones, active, customerId: `customer0${id % 10}` }),
    consumer: () => contact(key, { type: 'consumer', phones, active }),
    case: () => openCase(key, { open: active, contactId: `contact0${id % 10}` }),
  };
  const record = make[type]?.();
  if (record !== undefined) crm.put(record, what === 'silent');
}

/** Every row of the mirror with its numbers, as text. */
async function mirror(place: Place): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    with record as (
      select 'user' as kind, id, fingerprint from crm_user where organization_id = ${place.organizationId}
      union all select 'customer', id, fingerprint from customer where organization_id = ${place.organizationId}
      union all select kind, id, fingerprint from contact where organization_id = ${place.organizationId}
      union all select 'case', id, fingerprint from crm_case where organization_id = ${place.organizationId}
    )
    select concat_ws(' ', kind, id, replace(fingerprint::text, '-', ''), (
      select string_agg(concat(ordinal, ':', e164), ' ' order by ordinal, part) from phone_number p
      where p.organization_id = ${place.organizationId} and p.owner_kind = record.kind and p.owner_id = record.id
    )) as line from record`.execute(db);
  return rows.map(({ line }) => line).toSorted();
}

function instance(crm: TestInstance): string[] {
  const lines = [...crm.records.values()].map((record) => {
    const row = mirrorRow(record);
    if (row === null) return '';
    const numbers = numberRows(row, 'DE').map(({ ordinal, e164 }) => `${ordinal}:${e164 ?? ''}`);
    return [record.type, row.id, row.fingerprint, ...numbers].join(' ');
  });
  return lines.toSorted();
}

/** One of each kind. */
const lasting = [user('user99'), customer('customer99'), contact('contact99'), openCase('case99')];

async function age(place: Place): Promise<void> {
  await sql`update directory_progress set complete_as_of = complete_as_of - interval '3 days',
    pull_started_at = pull_started_at - interval '3 days' where organization_id = ${place.organizationId}`.execute(
    db,
  );
  await sql`update directory_sync set reconciled_at = null, slow_at = null where organization_id = ${place.organizationId}`.execute(
    db,
  );
}

test('random edits during paging: the mirror ends equal to the instance', async () => {
  let compared = 0;
  const runs = fc.asyncProperty(
    fc.array(edit, { minLength: 1, maxLength: 40 }),
    fc.array(fc.array(edit, { maxLength: 4 }), { maxLength: 40 }),
    fc.integer({ min: 1, max: 4 }),
    fc.boolean(),
    async (before, between, pageSize, removals) => {
      const left = [...between];
      const crm: TestInstance = testInstance({
        pageSize,
        removals,
        onPage: () => left.shift()?.forEach((one) => act(crm, one)),
      });
      for (const one of before) act(crm, one);
      const place = await newPlace(db);
      const connection = {
        ...{ organizationId: place.organizationId, id: place.connectionId },
        ...({ state: 'ok', version: 'v1' } as const),
      };
      const round = () => syncDirectory({ db, clock: systemClock, crm }, connection);
      await pullDirectory({ db, crm }, place.organizationId, place.connectionId);
      while (left.length > 0) {
        const some = left.shift() ?? [];
        for (const one of some) act(crm, one);
        await round();
      }
      // All of more than ten of a kind gone at once look like a mistake and stay (removal.ts).
      if ((await mirror(place)).length > 10) for (const one of lasting) crm.put(one);
      // A night goes by.
      await age(place);
      await round();
      const expected = instance(crm);
      compared += expected.length;
      expect(await mirror(place)).toEqual(expected);
    },
  );
  // Found once: the only contact is deleted while the pull goes through its page.
  const only = { type: 'contact', id: 1, number: 1_000_000, seconds: 0 } as const;
  const first = { what: 'write', type: 'user', id: 0, number: 1_000_000, seconds: 0 } as const;
  const lastContact = [
    [{ ...only, what: 'write' as const }],
    [{ ...only, what: 'remove' as const }],
  ];
  await fc.assert(runs, { numRuns: 40, examples: [[[first], lastContact, 1, false]] });
  expect(compared).toBeGreaterThan(100);
}, 120_000);
