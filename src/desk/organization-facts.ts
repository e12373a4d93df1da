import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { mirrorAge } from '../directory/mirror-store.ts';
import { callHandlingOf } from '../organization/call-handling-store.ts';
import type { CallHandling } from '../organization/call-handling.ts';
import type { PriorityRule } from '../organization/call-priority.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { linkOf } from '../organization/open-connection.ts';
import { organizationUnlocks } from '../organization/organization-features.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { LinkMaker } from './match.ts';

/** What every pop of an organization needs beside the call and the candidates. */
export interface OrganizationFacts {
  /** Decides what national forms of numbers mean. */
  country: string;
  link: LinkMaker;
  /** When the mirror last heard from the CRM; null when it never did. */
  asOf: Date | null;
  handling: CallHandling;
  /** Which calls come first; none while the organization lacks the plan. */
  priorities: readonly PriorityRule[];
  /** The connection that new records go to when the caller belongs to none; null without one. */
  primary: string | null;
}

export type FactsOf = (organizationId: string) => Promise<OrganizationFacts>;

/** Reads the facts as they are now. */
export async function readFacts(db: Database, organizationId: string): Promise<OrganizationFacts> {
  const [organization, connections, asOf, { settings: handling }] = await Promise.all([
    organizationById(db, organizationId),
    connectionsOf(db, organizationId),
    mirrorAge(db, organizationId),
    callHandlingOf(db, organizationId),
  ]);
  const ranks = () => organizationUnlocks(db, organizationId, 'call-priority');
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  return {
    country: organization?.country ?? 'US',
    link: (connectionId, target) => {
      const connection = byId.get(connectionId);
      return connection === undefined ? null : linkOf(connection, target);
    },
    asOf,
    handling,
    priorities: handling.priorities.length > 0 && (await ranks()) ? handling.priorities : [],
    primary: connections.find(({ primary }) => primary)?.id ?? null,
  };
}

const keptMs = 5_000;

/**
 * Facts that are at most five seconds old: read for every change of every call and every look-up, they would be half of the queries.
 * Whoever is told that an organization was changed forgets them first.
 */
export class KeptFacts {
  readonly #deps: { db: Database; clock: Clock };
  readonly #kept = new Map<string, { facts: Promise<OrganizationFacts>; until: number }>();

  constructor(deps: { db: Database; clock: Clock }) {
    this.#deps = deps;
  }

  readonly find: FactsOf = (organizationId) => {
    const now = this.#deps.clock.now().getTime();
    const known = this.#kept.get(organizationId);
    if (known !== undefined && known.until > now) return known.facts;
    const facts = readFacts(this.#deps.db, organizationId);
    this.#kept.set(organizationId, { facts, until: now + keptMs });
    facts.catch(() => this.forget(organizationId));
    return facts;
  };

  forget(organizationId: string): void {
    this.#kept.delete(organizationId);
  }
}
