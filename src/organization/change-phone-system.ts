import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import type { SettingNote, Settings } from '../platform/setting-field.ts';
import type { PhoneSystemKind } from '../telephony/port.ts';
import { phoneSystemKind, phoneSystemKinds } from '../telephony/registry.ts';
import { recordChange } from './audit-store.ts';
import {
  hmacContext,
  insertPhoneSystem,
  phoneSecretContext,
  phoneSystemForChange,
  phoneSystemsOf,
  removePhoneSystem,
  updatePhoneSystem,
} from './phone-system-store.ts';
import type {
  LinkedPhoneSystem,
  PhoneSystemColumns,
  StoredPhoneSystem,
} from './phone-system-store.ts';
import { newSecretToken } from './secret-token.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

export interface PhoneSystemDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
}

/** A phone system and the token of its webhook URL, which is shown once and not kept; null where there is no webhook. */
export interface PhoneSystemWithToken {
  phoneSystem: StoredPhoneSystem;
  token: string | null;
}

export async function addPhoneSystem(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  input: { name: string; kind: string; settings?: Settings | undefined },
): Promise<PhoneSystemWithToken> {
  requireRole(viewer, 'administrator');
  const kind = knownKind(input.kind);
  const id = newId();
  const { organizationId } = viewer;
  const { token, hash } = newSecretToken();
  const settings = sealSettings(
    deps,
    { organizationId, id, settings: {}, secrets: {} },
    kind,
    input,
  );
  const phoneSystem = await change(deps, viewer, 'add phone system', id, async (trx) => {
    const system = { id, kind: input.kind, name: input.name, tokenHash: hash };
    await insertPhoneSystem(trx, organizationId, system);
    return updatePhoneSystem(trx, organizationId, id, { name: input.name, ...settings });
  });
  return { phoneSystem, token: kind.link ? null : token };
}

/** Makes a new webhook URL; the old one stops at once. Throws `not-found`. */
export async function renewPhoneSystemToken(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  id: string,
): Promise<PhoneSystemWithToken> {
  requireRole(viewer, 'administrator');
  const { token, hash } = newSecretToken();
  const phoneSystem = await change(deps, viewer, 'renew phone system token', id, (trx) =>
    updatePhoneSystem(trx, viewer.organizationId, id, { tokenHash: hash }),
  );
  return { phoneSystem, token };
}

/**
 * `hmacSecret`: text sets it, '' removes it, undefined keeps it. `settings`: undefined keeps them; an empty secret keeps the
 * stored one, but never for another address. Throws `not-found`, or `invalid-input` with fields `settings.<name>`.
 */
export async function changePhoneSystem(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  id: string,
  input: { name: string; hmacSecret?: string | undefined; settings?: Settings | undefined },
): Promise<StoredPhoneSystem> {
  requireRole(viewer, 'administrator');
  const { name, hmacSecret } = input;
  const { organizationId } = viewer;
  const sealed = hmacSecret
    ? deps.secretBox.seal(hmacSecret, hmacContext(organizationId, id))
    : null;
  return change(deps, viewer, 'change phone system', id, async (trx) => {
    const stored = await phoneSystemForChange(trx, organizationId, id);
    if (stored === null) return false;
    return updatePhoneSystem(trx, organizationId, id, {
      name,
      ...(hmacSecret === undefined ? {} : { hmacSecret: sealed }),
      ...sealSettings(deps, stored, knownKind(stored.kind), input),
    });
  });
}

/** What is to be stored of typed settings: checked, mended, secrets sealed; nothing where none were typed. */
function sealSettings(
  { secretBox }: PhoneSystemDeps,
  stored: Pick<LinkedPhoneSystem, 'organizationId' | 'id' | 'settings' | 'secrets'>,
  { title, link }: PhoneSystemKind,
  input: { settings?: Settings | undefined },
): Pick<PhoneSystemColumns, 'settings' | 'secrets'> {
  if (input.settings === undefined) return {};
  if (!link) throw wrongSettings([{ field: '', message: `${title} has no settings.` }]);
  const parsed = link.parseSettings(input.settings, Object.keys(stored.secrets));
  if (!parsed.ok) throw wrongSettings(parsed.errors);
  const { settings, secrets } = parsed;
  const kept = Object.keys(stored.secrets).filter((field) => secrets[field] === undefined);
  if (kept.length > 0 && link.target.some((name) => settings[name] !== stored.settings[name]))
    throw wrongSettings(
      kept.map((field) => ({
        field,
        message:
          'The address is another one now: type this again, what is stored is not sent there.',
      })),
    );
  const { organizationId, id } = stored;
  const sealed = Object.entries(secrets).map(([field, secret]) => [
    field,
    secretBox.seal(secret, phoneSecretContext(organizationId, id, field)),
  ]);
  return { settings, secrets: { ...stored.secrets, ...Object.fromEntries(sealed) } };
}

function wrongSettings(errors: SettingNote[]): RingsideError {
  const fields = errors.map(({ field, message }) => ({
    field: field === '' ? 'settings' : `settings.${field}`,
    message,
  }));
  return new RingsideError('invalid-input', 'Nothing was saved: some fields are wrong.', {
    fields,
  });
}

function knownKind(kind: string): PhoneSystemKind {
  const known = phoneSystemKind(kind);
  if (known && (known.link || known.readHook)) return known;
  const kinds = phoneSystemKinds.filter((one) => one.link || one.readHook).map((one) => one.kind);
  throw new RingsideError('invalid-input', 'This kind of phone system is not known.', {
    fields: [
      { field: 'kind', message: `Not a kind Ringside knows; there is ${kinds.join(', ')}.` },
    ],
  });
}

/** Throws `not-found`. */
export async function deletePhoneSystem(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  id: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  await deps.db.transaction().execute(async (trx) => {
    const systems = await phoneSystemsOf(trx, viewer.organizationId);
    const system = systems.find((one) => one.id === id);
    if (system === undefined || !(await removePhoneSystem(trx, viewer.organizationId, id)))
      throw noPhoneSystem();
    const { name: subject } = system;
    await recordChange(trx, viewer.organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'delete phone system',
      subject,
    });
  });
}

/** Writes, records and reads back in one transaction; `write` answers false when there is no such phone system. */
async function change(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  action: string,
  id: string,
  write: (trx: Database) => Promise<boolean>,
): Promise<StoredPhoneSystem> {
  return deps.db.transaction().execute(async (trx) => {
    if (!(await write(trx))) throw noPhoneSystem();
    const phoneSystem = (await phoneSystemsOf(trx, viewer.organizationId)).find(
      (one) => one.id === id,
    );
    if (phoneSystem === undefined) throw noPhoneSystem();
    await recordChange(trx, viewer.organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action,
      subject: phoneSystem.name,
    });
    return phoneSystem;
  });
}

function noPhoneSystem(): RingsideError {
  return new RingsideError('not-found', 'There is no such phone system.');
}
