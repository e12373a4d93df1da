import type { CrmPlatform, Settings } from '../crm/port.ts';
import type { SettingField } from '../platform/setting-field.ts';
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
  const known = platforms.find((one) => one.id === platform);
  const title = known?.title ?? platform;
  return {
    id,
    platform,
    title,
    primary,
    account: accountOf(settings, known?.fields ?? []),
    settings,
    storedSecrets,
    state,
    lastCheckAt: lastCheckAt?.toISOString() ?? null,
  };
}

/** What the fields are called is the platform's business: the first address is where it is, the first text is who signs in. */
function accountOf(settings: Settings, fields: readonly SettingField[]): ConnectionRow['account'] {
  const first = (kind: SettingField['kind']) =>
    fields
      .flatMap((field) => (field.kind === kind ? (settings[field.name] ?? '') : ''))
      .find((value) => value !== '') ?? '';
  const [user, url] = [first('text'), first('url')];
  if (user === '' && url === '') return null;
  return { user, host: URL.canParse(url) ? new URL(url).host : '' };
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
