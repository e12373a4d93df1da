import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { hashToken } from './secret-token.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** A phone system without its secrets. */
export interface StoredPhoneSystem {
  id: string;
  kind: 'webhook';
  name: string;
  lastEventAt: Date | null;
  /** Whether an HMAC secret is stored. */
  signed: boolean;
}

/** Context of the sealed HMAC secret. */
export const hmacContext = (organizationId: string, id: string): string =>
  `phone_system:${organizationId}:${id}:hmac`;

/** Oldest first. */
export async function phoneSystemsOf(
  db: Database,
  organizationId: string,
): Promise<StoredPhoneSystem[]> {
  return tables(db)
    .selectFrom('phone_system')
    .select(({ eb }) => [
      'id',
      'kind',
      'name',
      'last_event_at as lastEventAt',
      eb('hmac_secret', 'is not', null).$castTo<boolean>().as('signed'),
    ])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export interface PhoneSystemSource {
  organizationId: string;
  id: string;
  kind: 'webhook';
  /** Opened; null: unsigned events are taken. */
  hmacSecret: string | null;
}

/** The phone system whose webhook URL holds this token; null when none does. */
export async function phoneSystemByToken(
  deps: { db: Database; secretBox: SecretBox },
  token: string,
): Promise<PhoneSystemSource | null> {
  const row = await tables(deps.db)
    .selectFrom('phone_system')
    .select(['organization_id', 'id', 'kind', 'hmac_secret'])
    .where('token_hash', '=', hashToken(token))
    .executeTakeFirst();
  if (row === undefined) return null;
  const hmacSecret =
    row.hmac_secret === null
      ? null
      : deps.secretBox.open(row.hmac_secret, hmacContext(row.organization_id, row.id));
  return { organizationId: row.organization_id, id: row.id, kind: row.kind, hmacSecret };
}

/** Notes that an event came in, at most once a second. */
export async function touchPhoneSystem(
  db: Database,
  organizationId: string,
  id: string,
  at: Date,
): Promise<void> {
  await tables(db)
    .updateTable('phone_system')
    .set({ last_event_at: at })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where(({ eb, or }) =>
      or([
        eb('last_event_at', 'is', null),
        eb('last_event_at', '<', new Date(at.getTime() - 1000)),
      ]),
    )
    .execute();
}

export async function insertPhoneSystem(
  db: Database,
  organizationId: string,
  system: { id: string; kind: 'webhook'; name: string; tokenHash: Buffer },
): Promise<void> {
  await tables(db)
    .insertInto('phone_system')
    .values({
      organization_id: organizationId,
      id: system.id,
      kind: system.kind,
      name: system.name,
      token_hash: system.tokenHash,
    })
    .execute();
}

/** Changes what is given; false when there is no such phone system. `hmacSecret` is sealed already. */
export async function updatePhoneSystem(
  db: Database,
  organizationId: string,
  id: string,
  change: { name?: string; tokenHash?: Buffer; hmacSecret?: string | null },
): Promise<boolean> {
  const result = await tables(db)
    .updateTable('phone_system')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.tokenHash === undefined ? {} : { token_hash: change.tokenHash }),
      ...(change.hmacSecret === undefined ? {} : { hmac_secret: change.hmacSecret }),
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** False when there is no such phone system. */
export async function removePhoneSystem(
  db: Database,
  organizationId: string,
  id: string,
): Promise<boolean> {
  const result = await tables(db)
    .deleteFrom('phone_system')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
