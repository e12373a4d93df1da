import type { CrmPlatform } from '../crm/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { StoredConnection } from './connection-store.ts';
import type { ConnectionRow, PhoneSystemRow } from './contract.ts';
import type { StoredPhoneSystem } from './phone-system-store.ts';

/** A connection as the API shows it. */
export function presentConnection(
  connection: StoredConnection,
  platforms: readonly CrmPlatform[],
): ConnectionRow {
  const { id, platform, primary, settings, storedSecrets, state, lastCheckAt } = connection;
  const title = platforms.find((one) => one.id === platform)?.title ?? platform;
  return {
    id,
    platform,
    title,
    primary,
    settings,
    storedSecrets,
    state,
    lastCheckAt: lastCheckAt?.toISOString() ?? null,
  };
}

/** A phone system as the API shows it. */
export function presentPhoneSystem(system: StoredPhoneSystem): PhoneSystemRow {
  const { id, kind, name, lastEventAt, signed, settings, storedSecrets } = system;
  const known = phoneSystemKind(kind);
  return {
    id,
    kind,
    title: known?.title ?? kind,
    linked: known?.link !== undefined,
    name,
    lastEventAt: lastEventAt?.toISOString() ?? null,
    signed,
    settings,
    storedSecrets,
    hookSecret: known?.hookSecret ?? null,
    callerTemplate: known?.callerTemplate !== undefined,
  };
}
