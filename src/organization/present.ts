import type { CrmPlatform } from '../crm/port.ts';
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

export function presentPhoneSystem({
  id,
  kind,
  name,
  lastEventAt,
  signed,
}: StoredPhoneSystem): PhoneSystemRow {
  return { id, kind, name, lastEventAt: lastEventAt?.toISOString() ?? null, signed };
}
