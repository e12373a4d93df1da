import { sql } from 'kysely';
import { RingsideError } from '../errors.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Database } from './database.ts';

const context = 'key_check';

/**
 * Throws `conflict` when the secrets in this database were sealed with another key file: after a restore without it, or
 * with a new data folder on an old DATABASE_URL. The first start notes the key (sealed text, nothing of the key itself).
 */
export async function checkKey(db: Database, secretBox: SecretBox): Promise<void> {
  const mark = secretBox.seal('this is the key', context);
  await sql`insert into key_check (sealed) values (${mark}) on conflict do nothing`.execute(db);
  const { rows } = await sql<{ sealed: string }>`select sealed from key_check`.execute(db);
  try {
    secretBox.open(rows[0]!.sealed, context);
  } catch (cause) {
    throw new RingsideError(
      'conflict',
      'The key file is not the one that sealed the secrets in this database.',
      {
        fix: 'Put the right key file back, or name it with RINGSIDE_KEY_FILE. If it is lost for good: `delete from key_check` in the database, start again and enter the CRM passwords anew; people sign in again.',
        cause,
      },
    );
  }
}
