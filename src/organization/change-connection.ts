import type { CrmPlatform, SettingNote, Settings } from '../crm/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { recordChange } from './audit-store.ts';
import {
  connectionById,
  connectionsOf,
  connectionWithSecrets,
  insertConnection,
  removeConnection,
  setPrimaryConnection,
  updateConnection,
} from './connection-store.ts';
import type { StoredConnection } from './connection-store.ts';
import { lockOrganization } from './organization-store.ts';
import { findPlatform, secretContext } from './open-connection.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { requireRole } from './viewer.ts';
import type { PeopleChanged } from './view-organization.ts';
import type { Viewer } from './viewer.ts';

export interface ConnectionDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
  platforms: readonly CrmPlatform[];
  /** Its mappings go with a connection. */
  peopleChanged?: PeopleChanged;
}

/** Adds an empty connection to a platform; the first one becomes primary. Throws `plan-required`, `invalid-input` for an unknown platform. */
export async function createConnection(
  deps: ConnectionDeps,
  viewer: Viewer,
  input: { platform: string },
): Promise<StoredConnection> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(deps.db, organizationId, 'connections');
  const platform = knownPlatform(deps, input.platform);
  const id = newId();
  return deps.db.transaction().execute(async (trx) => {
    await lockOrganization(trx, organizationId);
    const primary = (await connectionsOf(trx, organizationId)).length === 0;
    await insertConnection(trx, organizationId, { id, platform: platform.id, primary });
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'add connection',
      subject: platform.title,
      detail: { connectionId: id },
    });
    return existing(await connectionById(trx, organizationId, id));
  });
}

/**
 * Checks, mends and stores the form of a connection. An empty secret keeps the stored one, but never for another host: who moves the
 * Endpoint must type the secrets again, so that nobody can have a stored password sent elsewhere.
 * Throws `not-found`, or `invalid-input` with fields `settings.<name>`.
 */
export async function changeConnection(
  deps: ConnectionDeps,
  viewer: Viewer,
  connectionId: string,
  input: { settings: Settings },
): Promise<{ connection: StoredConnection; notes: SettingNote[] }> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(deps.db, organizationId, 'connections');
  return deps.db.transaction().execute(async (trx) => {
    const { connection, sealed } = existing(
      await connectionWithSecrets(trx, organizationId, connectionId, true),
    );
    const platform = knownPlatform(deps, connection.platform);
    const parsed = platform.parseSettings(input.settings, connection.storedSecrets);
    if (!parsed.ok) throw wrongSettings(parsed.errors);
    const { settings, secrets } = parsed;
    const unused = parsed.unusedSecrets ?? [];
    const kept = connection.storedSecrets.filter(
      (field) => secrets[field] === undefined && !unused.includes(field),
    );
    if (kept.length > 0 && movesEndpoint(connection.settings, settings))
      throw secretsWanted(platform, kept);
    const changed = changedFields(connection.settings, settings, secrets);
    const state = changed.length > 0 || connection.state === 'new' ? 'unchecked' : connection.state;
    const resealed = Object.entries(secrets).map(([field, secret]) => [
      field,
      deps.secretBox.seal(secret, secretContext(organizationId, connectionId, field)),
    ]);
    await updateConnection(trx, organizationId, connectionId, {
      settings,
      sealed: { ...without(sealed, unused), ...Object.fromEntries(resealed) },
      state,
    });
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'change connection',
      subject: platform.title,
      detail: { connectionId, changed, settings },
    });
    const notes = parsed.notes.map(({ field, message }) => ({
      field: `settings.${field}`,
      message,
    }));
    return { connection: existing(await connectionById(trx, organizationId, connectionId)), notes };
  });
}

/**
 * Takes a connection away with its mappings; the oldest other one becomes primary in its place. Nobody finds its mirror any
 * more, whose rows are deleted in the background. Throws `not-found`.
 */
export async function deleteConnection(
  deps: ConnectionDeps,
  viewer: Viewer,
  connectionId: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await deps.db.transaction().execute(async (trx) => {
    await lockOrganization(trx, organizationId);
    const connection = existing(await connectionById(trx, organizationId, connectionId));
    await removeConnection(trx, organizationId, connectionId);
    await deps.peopleChanged?.(trx, organizationId);
    const [next] = await connectionsOf(trx, organizationId);
    if (connection.primary && next !== undefined)
      await setPrimaryConnection(trx, organizationId, next.id);
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'delete connection',
      subject: findPlatform(connection.platform, deps.platforms)?.title ?? connection.platform,
      detail: { connectionId, settings: connection.settings },
    });
  });
}

function without(sealed: Settings, fields: string[]): Settings {
  return Object.fromEntries(Object.entries(sealed).filter(([field]) => !fields.includes(field)));
}

function knownPlatform(deps: ConnectionDeps, id: string): CrmPlatform {
  const platform = findPlatform(id, deps.platforms);
  if (platform !== null) return platform;
  const titles = deps.platforms.map((one) => one.id).join(', ');
  throw new RingsideError('invalid-input', 'This CRM platform is not known.', {
    fields: [{ field: 'platform', message: `Not a platform Ringside knows; there is ${titles}.` }],
  });
}

function existing<T>(found: T | null): T {
  if (found === null) throw new RingsideError('not-found', 'There is no such connection.');
  return found;
}

function wrongSettings(errors: SettingNote[]): RingsideError {
  const fields: FieldError[] = errors.map(({ field, message }) => ({
    field: `settings.${field}`,
    message,
  }));
  return new RingsideError(
    'invalid-input',
    'The connection was not saved: some fields are wrong.',
    { fields },
  );
}

/** Whether the secrets would go to another host; every platform calls its setting `endpoint`. */
function movesEndpoint(before: Settings, after: Settings): boolean {
  return originOf(before['endpoint']) !== originOf(after['endpoint']);
}

function originOf(url: string | undefined): string | null {
  return url === undefined || !URL.canParse(url) ? null : new URL(url).origin;
}

function secretsWanted(platform: CrmPlatform, kept: string[]): RingsideError {
  return wrongSettings(
    kept.map((field) => {
      const title = platform.fields.find(({ name }) => name === field)?.title ?? field;
      return {
        field,
        message: `The Endpoint is another host now: type ${title} again, the stored one is not sent there.`,
      };
    }),
  );
}

/** Names only: what is recorded must not hold a secret. */
function changedFields(before: Settings, after: Settings, secrets: Settings): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...[...names].filter((name) => before[name] !== after[name]), ...Object.keys(secrets)];
}
