import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { Database } from '../platform/database/database.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import type { Settings } from '../platform/setting-field.ts';
import { accountSecret } from './accounts.ts';
import { mailContext } from './mail-store.ts';
import { secretContext } from './open-connection.ts';
import { hmacContext, phoneSecretContext } from './phone-system-store.ts';
import { putSealedRows, sealedRows } from './sealed-store.ts';
import { singleSignOnContext } from './single-sign-on-store.ts';
import { webhookSecretContext } from './deliver-webhook.ts';

/**
 * Opens every stored secret with one key and seals it with another, within the caller's transaction. Answers how many. Throws
 * `internal` when one does not open; then nothing may be committed.
 */
export async function resealSecrets(trx: Database, from: Buffer, to: Buffer): Promise<number> {
  const [old, fresh] = [createSecretBox(from), createSecretBox(to)];
  let count = 0;
  const reseal = (sealed: string, context: string): string => {
    count += 1;
    return fresh.seal(old.open(sealed, context), context);
  };
  const resealAll = (secrets: Settings, context: (field: string) => string): Settings =>
    Object.fromEntries(
      Object.entries(secrets).map(([field, sealed]) => [field, reseal(sealed, context(field))]),
    );
  const [oldAccounts, freshAccounts] = [accountSecret(from), accountSecret(to)];
  const reencrypt = async (data: string): Promise<string> => {
    count += 1;
    const plain = await symmetricDecrypt({ key: oldAccounts, data });
    return symmetricEncrypt({ key: freshAccounts, data: plain });
  };
  const rows = await sealedRows(trx);
  await putSealedRows(trx, {
    connections: rows.connections.map((row) => ({
      ...row,
      secrets: resealAll(row.secrets, (field) => secretContext(row.organizationId, row.id, field)),
    })),
    phoneSystems: rows.phoneSystems.map((row) => ({
      ...row,
      hmacSecret:
        row.hmacSecret === null
          ? null
          : reseal(row.hmacSecret, hmacContext(row.organizationId, row.id)),
      secrets: resealAll(row.secrets, (field) =>
        phoneSecretContext(row.organizationId, row.id, field),
      ),
    })),
    webhooks: rows.webhooks.map((row) => ({
      ...row,
      secret: reseal(row.secret, webhookSecretContext(row.organizationId, row.id)),
    })),
    singleSignOns: rows.singleSignOns.map(({ organizationId, clientSecret }) => ({
      organizationId,
      clientSecret: reseal(clientSecret, singleSignOnContext(organizationId)),
    })),
    mails: rows.mails.map((row) => ({
      ...row,
      link: reseal(row.link, mailContext(row.organizationId, row.id)),
    })),
    secondFactors: await Promise.all(
      rows.secondFactors.map(async (row) => ({
        id: row.id,
        secret: await reencrypt(row.secret),
        backupCodes: await reencrypt(row.backupCodes),
      })),
    ),
  });
  return count;
}
