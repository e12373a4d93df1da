import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../id.ts';
import { openDatabase } from './database.ts';
import type { Database, OpenDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { queryOnce } from './query-once.ts';
import { acrossOrganizations, inOrganization } from './scope.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
/** As the hub opens it: outside of every scope nothing can be read. */
let hub: OpenDatabase;
const [ours, theirs] = [newId(), newId()];
beforeAll(async () => {
  database = await testDatabase();
  for (const id of [ours, theirs]) {
    await sql`insert into organization (id, name, country, time_zone) values (${id}, ${id}, 'DE', 'UTC')`.execute(
      database.db,
    );
  }
  hub = openDatabase({ connection: database.connection, max: 1 });
});
afterAll(async () => {
  await hub.close();
  await database.close();
});

/** A store that forgot its where clause. */
const visible = async (db: Database) =>
  (await sql<{ id: string }>`select id from organization order by id`.execute(db)).rows.map(
    ({ id }) => id,
  );

describe('the fence', () => {
  test('stands around every table that leads with organization_id, and every other table is known', async () => {
    const { rows } = await sql<{ name: string; key: boolean; fenced: boolean }>`
      select c.relname as name,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as key,
        c.relrowsecurity and c.relforcerowsecurity
          and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'organization_fence') as fenced
      from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      order by 1`.execute(database.db);
    const open = rows.filter(({ fenced }) => !fenced).map(({ name }) => name);
    // Accounts are people's ways to sign in and belong to no organization; see migration 0001.
    expect(open.filter((name) => !name.startsWith('account_'))).toEqual([
      'key_check',
      'ringside_migration',
    ]);
    expect(rows.filter(({ key, fenced }) => key && !fenced)).toEqual([]);
    expect(rows.find(({ name }) => name === 'organization')).toMatchObject({ fenced: true });
  });

  test('shows the rows of the organization in scope, of all to the work that asks for it, else none', async () => {
    expect(await inOrganization(ours, () => visible(hub.db))).toEqual([ours]);
    expect(await inOrganization(theirs, () => visible(hub.db))).toEqual([theirs]);
    expect(await acrossOrganizations(() => visible(hub.db))).toEqual([ours, theirs]);
    await expect(visible(hub.db)).rejects.toThrow('no organization in scope');
    expect(await inOrganization(newId(), () => visible(hub.db))).toEqual([]);
  });

  test('lets nothing be written for others, changed or deleted', async () => {
    await inOrganization(ours, async () => {
      await expect(
        sql`insert into plan_seats values (${theirs}, 'View', 5)`.execute(hub.db),
      ).rejects.toThrow('row-level security');
      const renamed = await sql`update organization set name = 'Taken'`.execute(hub.db);
      expect(renamed.numAffectedRows).toBe(1n);
      await expect(sql`update organization set id = ${theirs}`.execute(hub.db)).rejects.toThrow(
        /row-level security|duplicate/,
      );
      await sql`delete from organization where id = ${theirs}`.execute(hub.db);
    });
    expect(await visible(database.db)).toEqual([ours, theirs]);
  });

  test('moves with whoever uses the connection, through transactions, their ends and savepoints', async () => {
    const failed = inOrganization(ours, () =>
      hub.db.transaction().execute(async (trx) => {
        expect(await visible(trx)).toEqual([ours]);
        expect(await inOrganization(theirs, () => visible(trx))).toEqual([theirs]);
        throw new Error('rolled back');
      }),
    );
    await expect(failed).rejects.toThrow('rolled back');
    // The rollback took the setting back to what it was before; the connection must not believe otherwise.
    expect(await inOrganization(theirs, () => visible(hub.db))).toEqual([theirs]);
    await inOrganization(ours, async () => {
      const trx = await hub.db.startTransaction().execute();
      const saved = await trx.savepoint('here').execute();
      expect(await inOrganization(theirs, () => visible(saved))).toEqual([theirs]);
      const back = await saved.rollbackToSavepoint('here').execute();
      expect(await inOrganization(theirs, () => visible(back))).toEqual([theirs]);
      expect(await visible(back)).toEqual([ours]);
      await sql`select nonsense`.execute(back).catch(() => undefined);
      await expect(inOrganization(theirs, () => visible(back))).rejects.toThrow('aborted');
      await back.rollback().execute();
    });
    expect(await inOrganization(theirs, () => visible(hub.db))).toEqual([theirs]);
  });

  test('costs a query nothing while the scope stays the same', async () => {
    const sent: string[] = [];
    const client = await hub.pool.connect();
    const submit = pg.Query.prototype.submit as (...args: unknown[]) => unknown;
    pg.Query.prototype.submit = function (this: { text: string }, ...args: unknown[]) {
      sent.push(this.text);
      return submit.apply(this, args);
    };
    client.release();
    try {
      await inOrganization(ours, async () => {
        for (let times = 0; times < 5; times += 1) await visible(hub.db);
      });
    } finally {
      pg.Query.prototype.submit = submit;
    }
    expect(sent.filter((text) => text.includes('set_config')).length).toBeLessThanOrEqual(1);
    expect(sent.filter((text) => !text.includes('set_config'))).toHaveLength(5);
  });

  test('keeps out the work of another scope that runs at the same time', async () => {
    const crowd = openDatabase({ connection: database.connection, max: 3 });
    const seen = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const id = index % 2 === 0 ? ours : theirs;
        return inOrganization(id, async () => [id, await visible(crowd.db)] as const);
      }),
    );
    await crowd.close();
    for (const [id, rows] of seen) expect(rows).toEqual([id]);
  });
});

describe('with a server of somebody else', () => {
  const name = `plain_${newId().replaceAll('-', '')}`;
  const server = inject('postgres');
  const admin = { ...server, database: 'postgres', ssl: false };
  const connection = { ...server, user: name, database: name, ssl: false };
  beforeAll(async () => {
    await queryOnce(admin, `create role ${name} login`);
    await queryOnce(admin, `create database ${name} owner ${name}`);
  });
  afterAll(async () => {
    await queryOnce(admin, `drop database ${name} with (force)`);
    await queryOnce(admin, `drop role ${name}`);
  });

  test('the owner of the tables is fenced as well, and needs no right but to own its database', async () => {
    await migrate(connection);
    expect(await migrate(connection)).toEqual([]);
    const { db, close } = openDatabase({ connection });
    for (const id of [ours, theirs]) {
      await inOrganization(id, () =>
        sql`insert into organization (id, name, country, time_zone) values (${id}, 'A', 'DE', 'UTC')`.execute(
          db,
        ),
      );
    }
    expect(await inOrganization(ours, () => visible(db))).toEqual([ours]);
    // Deleting an organization reaches all that hangs on it.
    await inOrganization(ours, async () => {
      await sql`insert into plan_seats values (${ours}, 'View', 5)`.execute(db);
      await sql`delete from organization`.execute(db);
    });
    expect(await acrossOrganizations(() => visible(db))).toEqual([theirs]);
    await close();
  });
});
