import { sql } from 'kysely';
import { RingsideError } from '../errors.ts';
import { createSecretBox, knownKeys, loadOrCreateKey } from '../secret-box.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Database } from './database.ts';

const context = 'key_check';
const text = 'this is the key';

/**
 * The key that this database's secrets are sealed with: that of the key file, or the one that is to take over, when the change was
 * stopped before its end. The first start makes a key and notes it (sealed text, nothing of the key itself). Throws `conflict` when none
 * fits: after a restore without the key file, or with a new data folder on an old DATABASE_URL.
 * With `lock`, in a transaction, nobody else finds out before it ends.
 */
export async function keyInUse(db: Database, file: string, { lock = false } = {}): Promise<Buffer> {
  const key = loadOrCreateKey(file);
  if (lock) await sql`lock table key_check in access exclusive mode`.execute(db);
  const mark = createSecretBox(key).seal(text, context);
  await sql`insert into key_check (sealed) values (${mark}) on conflict do nothing`.execute(db);
  const { rows } = await sql<{ sealed: string }>`select sealed from key_check`.execute(db);
  const sealed = rows[0]!.sealed;
  // Read now: whoever changes the key holds the table until the new one lies beside the old.
  const fitting = knownKeys(file).find((one) => opens(createSecretBox(one), sealed));
  if (fitting !== undefined) return fitting;
  throw new RingsideError(
    'conflict',
    'The key file is not the one that sealed the secrets in this database.',
    {
      fix: 'Put the right key file back, or name it with RINGSIDE_KEY_FILE. If it is lost for good: `delete from key_check` in the database, start again and enter the CRM passwords anew; people sign in again, and set up their second factors again.',
    },
  );
}

function opens(secretBox: SecretBox, sealed: string): boolean {
  try {
    return secretBox.open(sealed, context) === text;
  } catch {
    return false;
  }
}

/** Notes another key, in the transaction that seals everything with it. */
export async function noteKey(db: Database, key: Buffer): Promise<void> {
  await sql`update key_check set sealed = ${createSecretBox(key).seal(text, context)}`.execute(db);
}

/** Throws `conflict` while a hub other than this process works on the database: it would go on with the key that it knows. */
export async function refuseRunningHubs(db: Database): Promise<void> {
  // Within a transaction the view is kept as it was first read.
  await sql`select pg_stat_clear_snapshot()`.execute(db);
  const { rows } = await sql<{ hubs: number }>`
    select count(*)::int as hubs from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and (application_name = 'ringside notifier' or application_name like 'ringside hub%')
      and application_name <> ${`ringside hub, process ${process.pid}`}`.execute(db);
  if (rows[0]!.hubs === 0) return;
  throw new RingsideError('conflict', 'A hub works on this database.', {
    fix: 'Stop every hub of this database, then try again.',
  });
}
