import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { keepLoggingCalls } from '../../src/desk/call-log-keeper.ts';
import { orderWrite } from '../../src/desk/outbox-store.ts';
import { OutboxPump } from '../../src/desk/outbox-pump.ts';
import type { NewWrite, OnSettled, SettledWrite, WriteAction } from '../../src/desk/outbox.ts';
import { settleCallers } from '../../src/desk/settle-callers.ts';
import { settleCases } from '../../src/desk/settle-cases.ts';
import { testCompany } from '../../src/desk/testing.ts';
import type { TestCompany } from '../../src/desk/testing.ts';
import { OpenCrms } from '../../src/directory/open-crms.ts';
import { setConnectionState, updateConnection } from '../../src/organization/connection-store.ts';
import { secretContext } from '../../src/organization/open-connection.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import { noteSecret, testLog } from '../../src/platform/log.testing.ts';
import { createNotifier } from '../../src/platform/notifier.ts';
import { createSecretBox } from '../../src/platform/secret-box.ts';
import { impatient } from './impatient.ts';

/** A company whose writes go from a real database to a stand-in instance. */
export interface OutboxOffice {
  db: Database;
  connection: object;
  /** Of its secret box, in hex. */
  key: string;
  sandbox: Sandbox;
  company: TestCompany;
  settled: SettledWrite[];
  /** Another node that delivers and writes calls down; closed with the office. */
  startPump(): Promise<OutboxPump>;
  order(lane: string, action: WriteAction, more?: Partial<NewWrite>): Promise<string>;
  /** Saves the connection as if the form had been filled in and checked. */
  saveConnection(password?: string): Promise<void>;
  row(id: string): Promise<WriteState>;
  /** Waits until all of them are in this state. */
  until(state: string, ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

interface WriteState {
  state: string;
  code: string | null;
  reason: string | null;
  record_id: string | null;
  attempts: number;
}

export async function startOutboxOffice(): Promise<OutboxOffice> {
  const sandbox = await startSandbox({ port: 0, contacts: 300, seed: 3 });
  const { db, connection, close } = await testDatabase();
  const company = await testCompany(db);
  const { organizationId, connectionId } = company;
  const key = Buffer.alloc(32, 1);
  noteSecret('key of the secret box', key.toString('hex'));
  const secretBox = createSecretBox(key);
  const settled: SettledWrite[] = [];
  const closers: (() => Promise<unknown>)[] = [];

  const saveConnection = async (password = defaultPassword) => {
    noteSecret('CRM password', password);
    const url = `${sandbox.url}/`;
    const context = secretContext(organizationId, connectionId, 'password');
    await updateConnection(db, organizationId, connectionId, {
      settings: { username: integrationUser, endpoint: url, detailsLink: url },
      sealed: { password: secretBox.seal(password, context) },
      state: 'ok',
    });
    await setConnectionState(db, organizationId, connectionId, 'ok', new Date());
  };
  await saveConnection();

  const rowOf = async (id: string) => {
    const { rows } = await sql<WriteState>`
      select state, code, reason, record_id, attempts from outbox_write where id = ${id}`.execute(
      db,
    );
    if (rows[0] === undefined) throw new Error(`no write ${id}`);
    return rows[0];
  };
  return {
    ...{ db, connection, key: key.toString('hex'), sandbox, company, settled, saveConnection },
    row: rowOf,
    async startPump() {
      // Outside of every scope nothing is to be seen, as in a hub.
      const own = openDatabase({ connection });
      const notifier = await createNotifier({ connection });
      const crms = new OpenCrms({ db: own.db, secretBox, platforms: impatient(1000) });
      const record: OnSettled = async (_, write) => void settled.push(write);
      const onSettled = [settleCallers, settleCases, record];
      const deps = { db: own.db, notifier, crms, log: testLog, onSettled };
      const pump = new OutboxPump(deps);
      const stopLogging = keepLoggingCalls(deps);
      closers.push(async () => {
        await stopLogging();
        await pump.close();
        await crms.close();
        await notifier.close();
        await own.close();
      });
      return pump;
    },
    order: (lane, action, more = {}) =>
      db.transaction().execute((trx) =>
        orderWrite(trx, {
          ...{ organizationId, connectionId, lane, callId: null, action },
          ...{ personId: company.people['201'], subject: action.kind, ...more },
        }),
      ),
    async until(state, ids) {
      for (;;) {
        const states = await Promise.all(ids.map(async (id) => (await rowOf(id)).state));
        if (states.every((one) => one === state)) return;
        await sleep(20);
      }
    },
    async close() {
      for (const closer of closers) await closer();
      await sandbox.close();
      await close();
    },
  };
}
