import type { Database } from '../platform/database/database.ts';
import { mirrorAge } from '../directory/mirror-store.ts';
import { matchNumber } from '../directory/match-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { linkOf } from '../organization/open-connection.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { CallerNumber } from './contract.ts';
import type { LinkMaker } from './match.ts';

/** A caller, looked up in the mirror. What a pop adds is only who was chosen. */
export interface FoundCaller {
  caller: CallerNumber;
  candidates: readonly MatchCandidate[];
  link: LinkMaker;
  /** When the mirror last heard from the CRM. */
  asOf: Date | null;
  /** The organization's country, which decides what national forms mean. */
  country: string;
}

/** Looks a number up as a phone system sends it, or as somebody types it. Hostile text finds nobody. */
export async function matchCaller(
  db: Database,
  organizationId: string,
  raw: string,
): Promise<FoundCaller> {
  const organization = await organizationById(db, organizationId);
  const country = organization?.country ?? 'US';
  const caller = callerNumber(raw, country);
  const [candidates, connections, asOf] = await Promise.all([
    caller.e164 === null ? [] : matchNumber(db, organizationId, caller),
    connectionsOf(db, organizationId),
    mirrorAge(db, organizationId),
  ]);
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const link: LinkMaker = (connectionId, target) => {
    const connection = byId.get(connectionId);
    return connection === undefined ? null : linkOf(connection, target);
  };
  return { caller, candidates, link, asOf, country };
}
