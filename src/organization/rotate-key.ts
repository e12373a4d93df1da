import type { Database } from '../platform/database/database.ts';
import { keyInUse, noteKey, refuseRunningHubs } from '../platform/database/key-check.ts';
import { loadOrCreateKey, nextKeyFile, takeNextKey } from '../platform/secret-box.ts';
import { resealSecrets } from './reseal-secrets.ts';

export interface RotateKeyDeps {
  db: Database;
  keyFile: string;
}

/**
 * Makes a new key and seals every stored secret with it, in one transaction; then the new key file takes the old one's place. May be killed
 * anywhere: the database goes with one of the two keys as a whole and says which, so a hub that starts takes the right one, and
 * calling this again brings it to its end. Answers how many secrets were sealed anew, 0 when only the file was left to do.
 * Throws `conflict` while a hub runs, or when neither key fits.
 */
export async function rotateKey({ db, keyFile }: RotateKeyDeps): Promise<number> {
  const fresh = loadOrCreateKey(nextKeyFile(keyFile));
  const count = await db.transaction().execute(async (trx) => {
    // Nobody learns which key it is until this is over.
    const current = await keyInUse(trx, keyFile, { lock: true });
    if (current.equals(fresh)) return 0;
    await refuseRunningHubs(trx);
    const sealed = await resealSecrets(trx, current, fresh);
    await noteKey(trx, fresh);
    await refuseRunningHubs(trx);
    return sealed;
  });
  takeNextKey(keyFile);
  return count;
}
