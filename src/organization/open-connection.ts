import type {
  CrmConnection,
  CrmPlatform,
  LinkTarget,
  OnCrmRequest,
  Settings,
} from '../crm/port.ts';
import { crmPlatforms } from '../crm/registry.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { connectionWithSecrets } from './connection-store.ts';
import type { StoredConnection } from './connection-store.ts';

/** What a sealed secret is bound to: copied into another row it does not open. */
export function secretContext(organizationId: string, connectionId: string, field: string): string {
  return `crm_connection:${organizationId}:${connectionId}:${field}`;
}

export interface OpenConnectionDeps {
  db: Database;
  secretBox: SecretBox;
  /** Other platforms than the registry's, for tests. */
  platforms?: readonly CrmPlatform[];
  /** Told of every request to a CRM. */
  onCrmRequest?: OnCrmRequest;
}

/**
 * A connection ready to call its CRM; the caller closes `crm`. Throws `not-found`, or `conflict` while no credential is stored.
 */
export async function openConnection(
  deps: OpenConnectionDeps,
  organizationId: string,
  connectionId: string,
): Promise<{ connection: StoredConnection; crm: CrmConnection }> {
  const found = await connectionWithSecrets(deps.db, organizationId, connectionId);
  if (found === null) throw new RingsideError('not-found', 'There is no such connection.');
  const { connection, sealed } = found;
  const platform = findPlatform(connection.platform, deps.platforms ?? crmPlatforms);
  if (platform === null || connection.state === 'new') {
    throw new RingsideError('conflict', 'This connection has no credential yet.', {
      fix: 'Open it in Connected Account and CRM Settings, fill in the form and Save.',
    });
  }
  const secrets: Settings = Object.fromEntries(
    Object.entries(sealed).map(([field, text]) => [
      field,
      deps.secretBox.open(text, secretContext(organizationId, connectionId, field)),
    ]),
  );
  const { onCrmRequest: onRequest } = deps;
  const crm = platform.connect(connection.settings, secrets, onRequest ? { onRequest } : {});
  return { connection, crm };
}

/** Opens the record in the CRM for a person; null while the connection has no settings. Needs no secrets and calls nobody. */
export function linkOf(
  connection: StoredConnection,
  target: LinkTarget,
  platforms: readonly CrmPlatform[] = crmPlatforms,
): string | null {
  return unsigned(connection, platforms)?.link(target) ?? null;
}

/** Whether calls are to be written down there. */
export function logsCalls(connection: StoredConnection): boolean {
  return unsigned(connection, crmPlatforms)?.logsCalls() ?? false;
}

/** Without its secrets: good for what calls nobody. */
function unsigned(
  connection: StoredConnection,
  platforms: readonly CrmPlatform[],
): CrmConnection | null {
  const platform = findPlatform(connection.platform, platforms);
  if (platform === null || connection.state === 'new') return null;
  const known = opened.get(connection) ?? platform.connect(connection.settings, {});
  opened.set(connection, known);
  return known;
}

// A pop has many links; they share what was made for the first one.
const opened = new WeakMap<StoredConnection, CrmConnection>();

export function findPlatform(id: string, platforms: readonly CrmPlatform[]): CrmPlatform | null {
  return platforms.find((platform) => platform.id === id) ?? null;
}
