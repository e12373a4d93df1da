import { sql } from 'kysely';
import type { Settings } from '../crm/port.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { ConnectionState, OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** A connection as it is stored, without its secrets. */
export interface StoredConnection {
  id: string;
  organizationId: string;
  platform: string;
  primary: boolean;
  settings: Settings;
  /** Names of the secrets that are stored. */
  storedSecrets: string[];
  state: ConnectionState;
  lastCheckAt: Date | null;
}

function stored(db: Database, organizationId: string) {
  return tables(db)
    .selectFrom('crm_connection')
    .select([
      'id',
      'organization_id',
      'platform',
      'is_primary',
      'settings',
      'secrets',
      'state',
      'last_check_at',
    ])
    .where('organization_id', '=', organizationId);
}

type Row = Awaited<ReturnType<ReturnType<typeof stored>['executeTakeFirstOrThrow']>>;

function toConnection(row: Row): StoredConnection {
  return {
    id: row.id,
    organizationId: row.organization_id,
    platform: row.platform,
    primary: row.is_primary,
    settings: row.settings,
    storedSecrets: Object.keys(row.secrets),
    state: row.state,
    lastCheckAt: row.last_check_at,
  };
}

/** Oldest first. */
export async function connectionsOf(
  db: Database,
  organizationId: string,
): Promise<StoredConnection[]> {
  return (await stored(db, organizationId).orderBy('created_at').orderBy('id').execute()).map(
    toConnection,
  );
}

/** A connection that somebody has checked since it was made. */
export interface CheckedConnection {
  organizationId: string;
  id: string;
  state: ConnectionState;
  /** Differs whenever settings or secrets were saved or the connection was checked. */
  version: string;
}

/** CheckedConnection's version, where the columns of crm_connection are in reach. */
export const connectionVersion = sql<string>`md5(concat_ws('|', settings, secrets, last_check_at))`;

/** Connections that were ever checked and have a credential, of one organization or of all (for the hub's own work). */
export async function checkedConnections(
  db: Database,
  organizationId?: string,
): Promise<CheckedConnection[]> {
  const query = tables(db)
    .selectFrom('crm_connection')
    .select(['organization_id as organizationId', 'id', 'state', connectionVersion.as('version')])
    .where('last_check_at', 'is not', null)
    .where('state', '<>', 'new');
  // Nothing is read for an organization that an operator suspended.
  const notSuspended = sql<boolean>`not exists (
    select from organization o where o.id = crm_connection.organization_id and o.suspended_at is not null
  )`;
  if (organizationId === undefined)
    return acrossOrganizations(() => query.where(notSuspended).execute());
  return query.where('organization_id', '=', organizationId).execute();
}

export async function connectionById(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<StoredConnection | null> {
  const row = await stored(db, organizationId).where('id', '=', connectionId).executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

/** With its sealed secrets, locked until the transaction ends when `lock` is set. */
export async function connectionWithSecrets(
  db: Database,
  organizationId: string,
  connectionId: string,
  lock = false,
): Promise<{ connection: StoredConnection; sealed: Settings } | null> {
  const query = stored(db, organizationId).where('id', '=', connectionId);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row === undefined ? null : { connection: toConnection(row), sealed: row.secrets };
}

export async function insertConnection(
  db: Database,
  organizationId: string,
  connection: { id: string; platform: string; primary: boolean },
): Promise<void> {
  await tables(db)
    .insertInto('crm_connection')
    .values({
      organization_id: organizationId,
      id: connection.id,
      platform: connection.platform,
      is_primary: connection.primary,
      settings: '{}',
      secrets: '{}',
    })
    .execute();
}

/** Writes settings and sealed secrets. */
export async function updateConnection(
  db: Database,
  organizationId: string,
  connectionId: string,
  change: { settings: Settings; sealed: Settings; state: ConnectionState },
): Promise<void> {
  await tables(db)
    .updateTable('crm_connection')
    .set({
      settings: JSON.stringify(change.settings),
      secrets: JSON.stringify(change.sealed),
      state: change.state,
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .execute();
}

/** Notes how a check went. `at` null: its version stays, so that nobody who stopped after refused sign-ins tries again. */
export async function setConnectionState(
  db: Database,
  organizationId: string,
  connectionId: string,
  state: ConnectionState,
  at: Date | null,
): Promise<void> {
  await tables(db)
    .updateTable('crm_connection')
    .set({ state, ...(at === null ? {} : { last_check_at: at }) })
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .execute();
}

/** Makes this connection the primary one, or, with null, none. */
export async function setPrimaryConnection(
  db: Database,
  organizationId: string,
  connectionId: string | null,
): Promise<void> {
  await tables(db)
    .updateTable('crm_connection')
    .set({ is_primary: false })
    .where('organization_id', '=', organizationId)
    .where('is_primary', '=', true)
    .execute();
  if (connectionId === null) return;
  await tables(db)
    .updateTable('crm_connection')
    .set({ is_primary: true })
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .execute();
}

/** Takes the connection away together with its mappings; its mirror is marked as to be deleted (migration 0076). */
export async function removeConnection(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<void> {
  await tables(db)
    .deleteFrom('crm_connection')
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .execute();
}
