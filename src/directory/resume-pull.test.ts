import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from 'kysely';
import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection } from '../crm/port.ts';
import type { CrmRecord } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { HubStopped } from '../platform/hub-stopped.ts';
import { mirrorAge } from './mirror-store.ts';
import { pullDirectory } from './pull-directory.ts';
import type { PullOptions } from './pull-kind.ts';
import type { Place } from './record-store.ts';
import { contact, newPlace, user } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
});

const pull = (crm: Pick<CrmConnection, 'pull'>, options?: PullOptions) =>
  pullDirectory({ db, crm }, place.organizationId, place.connectionId, options);

/** One contact a page; breaks after `pages` of them, and notes from where it was asked. */
function breaking(ids: string[], pages: number) {
  const asked: [kind: string, cursor: string | null][] = [];
  const crm: Pick<CrmConnection, 'pull'> = {
    async *pull(kind, { cursor = null } = {}) {
      asked.push([kind, cursor]);
      if (kind === 'users') return yield { records: [user('u1')], total: 1, cursor: 'end' };
      if (kind !== 'contacts') return;
      const start = cursor === null ? 0 : Number(cursor) + 1;
      for (const [index, id] of ids.entries()) {
        if (index < start) continue;
        if (index === start + pages)
          throw new CrmError('dropped', 'The connection broke.', { fix: 'Try again.' });
        const records: CrmRecord[] = [contact(id)];
        yield { records, total: ids.length, cursor: String(index) };
      }
    },
  };
  return { crm, asked };
}

async function contacts(): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from contact
    where organization_id = ${place.organizationId} order by id`.execute(db);
  return rows.map(({ id }) => id);
}

test('a pull that broke goes on after its last page, without the kinds that were done', async () => {
  await pull(breaking(['gone', 'a'], 9).crm);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const begun = new Date();
  const { crm, asked } = breaking(ids, 2);
  await expect(pull(crm)).rejects.toThrow('broke');
  await expect(pull(crm)).rejects.toThrow('broke');
  const result = await pull(crm);
  expect(result.contacts).toMatchObject({ count: 5, total: 5, removed: 1 });
  expect(asked.filter(([kind]) => kind === 'contacts')).toEqual([
    ['contacts', null],
    ['contacts', '1'],
    ['contacts', '3'],
  ]);
  expect(asked.filter(([kind]) => kind === 'users')).toHaveLength(1);
  expect(await contacts()).toEqual(ids);
  // All that is known is known as of when the first of the three began.
  const asOf = await mirrorAge(db, place.organizationId);
  expect(Math.abs(Number(asOf) - Number(begun))).toBeLessThan(30_000);
});

test('a process that died in the middle is followed by one that goes on', async () => {
  const { crm, asked } = breaking(['a', 'b', 'c'], 2);
  await expect(pull(crm)).rejects.toThrow('broke');
  // As kill -9 leaves it.
  await sql`update directory_progress set status = 'running' where organization_id = ${place.organizationId} and kind = 'contacts'`.execute(
    db,
  );
  await sql`update directory_pull set status = 'running', alive_at = now() - interval '1 minute'
    where organization_id = ${place.organizationId}`.execute(db);
  await pull(crm);
  expect(asked.at(-2)).toEqual(['contacts', '1']);
  expect(await contacts()).toEqual(['a', 'b', 'c']);
});

test('another instance, too long ago or a wish for a fresh one: from the beginning', async () => {
  const { crm, asked } = breaking(['a', 'b', 'c'], 2);
  const cursors = () => asked.filter(([kind]) => kind === 'contacts').map(([, cursor]) => cursor);
  await expect(pull(crm)).rejects.toThrow('broke');
  await sql`update crm_connection set settings = '{"endpoint":"https://other.example/"}'
    where organization_id = ${place.organizationId}`.execute(db);
  await expect(pull(crm)).rejects.toThrow('broke');
  await expect(pull(crm, { resumeSince: new Date(Date.now() + 1000) })).rejects.toThrow('broke');
  await sql`update directory_progress set pull_started_at = pull_started_at - interval '7 hours'
    where organization_id = ${place.organizationId}`.execute(db);
  await expect(pull(crm)).rejects.toThrow('broke');
  expect(cursors()).toEqual([null, null, null, null]);
});

test('a pull that somebody cancelled starts again', async () => {
  const { crm, asked } = breaking(['a', 'b', 'c'], 9);
  const abort = new AbortController();
  const onProgress = ({ done }: { done: number }) => done > 0 && abort.abort();
  await expect(
    pull(crm, { signal: abort.signal, kinds: ['contacts'], onProgress }),
  ).rejects.toThrow('aborted');
  await pull(crm, { kinds: ['contacts'] });
  expect(asked.map(([, cursor]) => cursor)).toEqual([null, null]);
});

test('a pull that ended with its hub goes on', async () => {
  const { crm, asked } = breaking(['a', 'b', 'c'], 9);
  const abort = new AbortController();
  const onProgress = ({ done }: { done: number }) => done > 0 && abort.abort(new HubStopped());
  await expect(
    pull(crm, { signal: abort.signal, kinds: ['contacts'], onProgress }),
  ).rejects.toThrow('being stopped');
  await pull(crm, { kinds: ['contacts'] });
  expect(asked.map(([, cursor]) => cursor !== null)).toEqual([false, true]);
  expect(await contacts()).toEqual(['a', 'b', 'c']);
});
