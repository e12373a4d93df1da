import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import type { Settings } from '../platform/setting-field.ts';
import { connectionsOf, connectionWithSecrets } from './connection-store.ts';
import type { StoredConnection } from './connection-store.ts';
import { callHandlingOf } from './call-handling-store.ts';
import type { PriorityRule } from './call-priority.ts';
import { mappingsOf } from './mapping-store.ts';
import type { Mapping } from './mapping-store.ts';
import { secretContext } from './open-connection.ts';
import {
  agentsMayNot,
  numbersMaskedFor,
  organizationById,
  organizationVersion,
  seatTotals,
} from './organization-store.ts';
import type { Organization, SeatTotals } from './organization-store.ts';
import type { NumbersMaskedFor } from './number-mask.ts';
import type { Permission } from './permission.ts';
import { peopleOf } from './person-store.ts';
import type { StoredPerson } from './person-store.ts';
import {
  hmacSecretOf,
  openPhoneSecrets,
  phoneSystemForChange,
  phoneSystemsOf,
} from './phone-system-store.ts';
import type { StoredPhoneSystem } from './phone-system-store.ts';
import type { Team } from './team.ts';
import { teamsOf } from './team-store.ts';

/** What an organization is like before a file is applied to it, its secrets opened to see whether they differ. */
export interface ApplyCurrent {
  organization: Organization;
  version: number;
  seats: SeatTotals;
  agentsMayNot: Permission[];
  numbersMaskedFor: NumbersMaskedFor;
  connections: (StoredConnection & { secrets: Settings })[];
  phoneSystems: (StoredPhoneSystem & { secrets: Settings; hmacSecret: string | null })[];
  people: StoredPerson[];
  mappings: Mapping[];
  callPriorities: PriorityRule[];
  teams: Team[];
}

export async function readCurrent(
  { db, secretBox }: { db: Database; secretBox: SecretBox },
  organizationId: string,
): Promise<ApplyCurrent> {
  const organization = await organizationById(db, organizationId);
  if (organization === null) throw new Error('the organization was there a moment ago');
  const connections = [];
  for (const connection of await connectionsOf(db, organizationId)) {
    const sealed = (await connectionWithSecrets(db, organizationId, connection.id))?.sealed ?? {};
    const secrets = Object.entries(sealed).map(([field, text]) => [
      field,
      secretBox.open(text, secretContext(organizationId, connection.id, field)),
    ]);
    connections.push({ ...connection, secrets: Object.fromEntries(secrets) as Settings });
  }
  const phoneSystems = [];
  for (const system of await phoneSystemsOf(db, organizationId)) {
    const sealed = await phoneSystemForChange(db, organizationId, system.id);
    const secrets = sealed === null ? {} : openPhoneSecrets(secretBox, sealed);
    const hmacSecret = await hmacSecretOf({ db, secretBox }, organizationId, system.id);
    phoneSystems.push({ ...system, secrets, hmacSecret });
  }
  return {
    ...{ organization, connections, phoneSystems },
    version: await organizationVersion(db, organizationId),
    seats: await seatTotals(db, organizationId),
    agentsMayNot: await agentsMayNot(db, organizationId),
    numbersMaskedFor: await numbersMaskedFor(db, organizationId),
    people: await peopleOf(db, organizationId),
    mappings: await mappingsOf(db, organizationId),
    callPriorities: (await callHandlingOf(db, organizationId)).settings.priorities,
    teams: await teamsOf(db, organizationId),
  };
}
