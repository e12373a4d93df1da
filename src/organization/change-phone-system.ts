import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { recordChange } from './audit-store.ts';
import {
  hmacContext,
  insertPhoneSystem,
  phoneSystemsOf,
  removePhoneSystem,
  updatePhoneSystem,
} from './phone-system-store.ts';
import type { StoredPhoneSystem } from './phone-system-store.ts';
import { newSecretToken } from './secret-token.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

export interface PhoneSystemDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
}

/** A phone system and the token of its webhook URL, which is shown once and not kept. */
export interface PhoneSystemWithToken {
  phoneSystem: StoredPhoneSystem;
  token: string;
}

export async function addPhoneSystem(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  input: { name: string; kind: 'webhook' },
): Promise<PhoneSystemWithToken> {
  requireRole(viewer, 'administrator');
  const id = newId();
  const { token, hash } = newSecretToken();
  const phoneSystem = await change(deps, viewer, 'add phone system', id, (trx) =>
    insertPhoneSystem(trx, viewer.organizationId, { ...input, id, tokenHash: hash }).then(
      () => true,
    ),
  );
  return { phoneSystem, token };
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

/** `hmacSecret`: text sets it, '' removes it, undefined keeps it. Throws `not-found`. */
export async function changePhoneSystem(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  id: string,
  input: { name: string; hmacSecret?: string | undefined },
): Promise<StoredPhoneSystem> {
  requireRole(viewer, 'administrator');
  const { name, hmacSecret } = input;
  const sealed = hmacSecret
    ? deps.secretBox.seal(hmacSecret, hmacContext(viewer.organizationId, id))
    : null;
  return change(deps, viewer, 'change phone system', id, (trx) =>
    updatePhoneSystem(trx, viewer.organizationId, id, {
      name,
      ...(hmacSecret === undefined ? {} : { hmacSecret: sealed }),
    }),
  );
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
