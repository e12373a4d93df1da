import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import type { Settings } from '../platform/setting-field.ts';
import { hashToken } from './secret-token.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** A phone system without its secrets. */
export interface StoredPhoneSystem {
  id: string;
  kind: string;
  name: string;
  lastEventAt: Date | null;
  /** Whether an HMAC secret is stored. */
  signed: boolean;
  /** Of a kind that Ringside connects to; empty until they were saved. */
  settings: Settings;
  storedSecrets: string[];
}

/** Context of the sealed HMAC secret of webhooks. */
export const hmacContext = (organizationId: string, id: string): string =>
  `phone_system:${organizationId}:${id}:hmac`;

/** Oldest first. */
export async function phoneSystemsOf(
  db: Database,
  organizationId: string,
): Promise<StoredPhoneSystem[]> {
  const rows = await tables(db)
    .selectFrom('phone_system')
    .select(({ eb }) => [
      'id',
      'kind',
      'name',
      'last_event_at as lastEventAt',
      'settings',
      'secrets',
      eb('hmac_secret', 'is not', null).$castTo<boolean>().as('signed'),
    ])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ secrets, ...system }) => ({ ...system, storedSecrets: Object.keys(secrets) }));
}

/** A phone system that Ringside connects to, ready to be opened. */
export interface LinkedPhoneSystem {
  organizationId: string;
  id: string;
  kind: string;
  name: string;
  settings: Settings;
  /** Sealed. */
  secrets: Settings;
}

/** Locks a phone system until the transaction ends; null when there is none. */
export async function phoneSystemForChange(
  db: Database,
  organizationId: string,
  id: string,
): Promise<LinkedPhoneSystem | null> {
  const row = await tables(db)
    .selectFrom('phone_system')
    .select(['organization_id as organizationId', 'id', 'kind', 'name', 'settings', 'secrets'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Nothing is linked for an organization that an operator suspended. */
const notSuspended = sql<boolean>`not exists (
  select from organization o where o.id = phone_system.organization_id and o.suspended_at is not null
)`;

/** Every organization's phone systems that have settings, or one of them. */
export async function linkedPhoneSystems(
  db: Database,
  only?: { organizationId: string; id: string },
): Promise<LinkedPhoneSystem[]> {
  const query = tables(db)
    .selectFrom('phone_system')
    .select(['organization_id as organizationId', 'id', 'kind', 'name', 'settings', 'secrets'])
    .where(sql<boolean>`settings <> '{}'`);
  if (!only) return acrossOrganizations(() => query.where(notSuspended).execute());
  return query
    .where('organization_id', '=', only.organizationId)
    .where('id', '=', only.id)
    .execute();
}

/** Context of a sealed secret: copied into another row it does not open. */
export const phoneSecretContext = (organizationId: string, id: string, field: string): string =>
  `phone_system:${organizationId}:${id}:${field}`;

/** The secrets of a phone system, opened. */
export function openPhoneSecrets(
  secretBox: SecretBox,
  { organizationId, id, secrets }: Pick<LinkedPhoneSystem, 'organizationId' | 'id' | 'secrets'>,
): Settings {
  return Object.fromEntries(
    Object.entries(secrets).map(([field, sealed]) => [
      field,
      secretBox.open(sealed, phoneSecretContext(organizationId, id, field)),
    ]),
  );
}

/** The opened HMAC secret of a phone system; null where none is stored. */
export async function hmacSecretOf(
  deps: { db: Database; secretBox: SecretBox },
  organizationId: string,
  id: string,
): Promise<string | null> {
  const row = await tables(deps.db)
    .selectFrom('phone_system')
    .select('hmac_secret')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  const sealed = row?.hmac_secret ?? null;
  return sealed === null ? null : deps.secretBox.open(sealed, hmacContext(organizationId, id));
}

type HookRow = Pick<
  Selectable<OrganizationTables['phone_system']>,
  'organization_id' | 'id' | 'kind' | 'hmac_secret' | 'settings'
>;

export interface PhoneSystemSource {
  organizationId: string;
  id: string;
  kind: string;
  /** Opened; null: unsigned events are taken. */
  hmacSecret: string | null;
  /** Ringside connects to it by itself and hears of its calls that way. */
  linked: boolean;
}

/** The phone system whose webhook URL holds this token, whatever the scope; null when none does. */
export async function phoneSystemByToken(
  deps: { db: Database; secretBox: SecretBox },
  token: string,
): Promise<PhoneSystemSource | null> {
  const { rows } = await sql<HookRow>`/* prepared phone-system-by-token */
    select organization_id, id, kind, hmac_secret, settings
    from phone_system_by_token(${hashToken(token)})`.execute(deps.db);
  const [row] = rows;
  if (row === undefined) return null;
  const hmacSecret =
    row.hmac_secret === null
      ? null
      : deps.secretBox.open(row.hmac_secret, hmacContext(row.organization_id, row.id));
  const linked = Object.keys(row.settings).length > 0;
  return { organizationId: row.organization_id, id: row.id, kind: row.kind, hmacSecret, linked };
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
  system: { id: string; kind: string; name: string; tokenHash: Buffer },
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

export interface PhoneSystemColumns {
  name?: string;
  tokenHash?: Buffer;
  hmacSecret?: string | null;
  settings?: Settings;
  /** Sealed. */
  secrets?: Settings;
}

/** Changes what is given; false when there is no such phone system. `hmacSecret` is sealed already. */
export async function updatePhoneSystem(
  db: Database,
  organizationId: string,
  id: string,
  change: PhoneSystemColumns,
): Promise<boolean> {
  const result = await tables(db)
    .updateTable('phone_system')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.tokenHash === undefined ? {} : { token_hash: change.tokenHash }),
      ...(change.hmacSecret === undefined ? {} : { hmac_secret: change.hmacSecret }),
      ...(change.settings === undefined ? {} : { settings: JSON.stringify(change.settings) }),
      ...(change.secrets === undefined ? {} : { secrets: JSON.stringify(change.secrets) }),
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
