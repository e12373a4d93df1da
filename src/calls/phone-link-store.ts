import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

type LinkTables = {
  phone_link: {
    organization_id: string;
    phone_system_id: string;
    owner: string;
    lease_until: Date;
    connected_since: Date | null;
    lost_since: Date | null;
    lost_code: string | null;
    lost_reason: string | null;
    lost_fix: string | null;
    warnings: string[];
    extensions: string[];
    last_event_at: Date | null;
    events_per_minute: number;
  };
};

const tables = (db: Database) => db.withTables<LinkTables>();

/** Which phone system's link. */
export interface LinkKey {
  organizationId: string;
  phoneSystemId: string;
}

/** A link as its owner last told. */
export interface StoredLink extends LinkKey {
  connectedSince: Date | null;
  lostSince: Date | null;
  lostReason: string | null;
  lostFix: string | null;
  warnings: string[];
  extensions: string[];
  lastEventAt: Date | null;
  eventsPerMinute: number;
  /** Whether its owner still renews the lease. */
  held: boolean;
}

/**
 * Takes or renews the lease of a link: true when `owner` has it for `seconds` from now on, by the database's clock. Another node's lease
 * is taken over once it has run out.
 */
export async function holdLease(
  db: Database,
  key: LinkKey,
  owner: string,
  seconds: number,
): Promise<boolean> {
  const { rows } = await sql`
    insert into phone_link as link (organization_id, phone_system_id, owner, lease_until)
    values (${key.organizationId}, ${key.phoneSystemId}, ${owner}, now() + make_interval(secs => ${seconds}))
    on conflict (organization_id, phone_system_id) do update
      set owner = excluded.owner, lease_until = excluded.lease_until
      where link.owner = excluded.owner or link.lease_until < now()
    returning 1`.execute(db);
  return rows.length > 0;
}

/** Gives a lease back, so that another node need not wait for it. */
export async function releaseLease(db: Database, key: LinkKey, owner: string): Promise<void> {
  await ownRow(db, key, owner)
    .set({ lease_until: sql<Date>`now()` })
    .execute();
}

/** What a link has become; nothing is written once another node owns it. */
export async function saveLink(
  db: Database,
  key: LinkKey,
  owner: string,
  state: {
    connectedSince?: Date | null;
    lostSince?: Date | null;
    lost?: { code: string; reason: string; fix: string } | null;
    warnings?: string[];
    extensions?: string[];
    lastEventAt?: Date | null;
    eventsPerMinute?: number;
  },
): Promise<void> {
  const { lost } = state;
  await ownRow(db, key, owner)
    .set({
      ...(state.connectedSince === undefined ? {} : { connected_since: state.connectedSince }),
      ...(state.lostSince === undefined ? {} : { lost_since: state.lostSince }),
      ...(lost === undefined
        ? {}
        : {
            lost_code: lost?.code ?? null,
            lost_reason: lost?.reason ?? null,
            lost_fix: lost?.fix ?? null,
          }),
      ...(state.warnings === undefined ? {} : { warnings: json(state.warnings) }),
      ...(state.extensions === undefined ? {} : { extensions: json(state.extensions) }),
      ...(state.lastEventAt === undefined ? {} : { last_event_at: state.lastEventAt }),
      ...(state.eventsPerMinute === undefined ? {} : { events_per_minute: state.eventsPerMinute }),
    })
    .execute();
}

/** The links of an organization. */
export async function linksOf(db: Database, organizationId: string): Promise<StoredLink[]> {
  return tables(db)
    .selectFrom('phone_link')
    .select([
      'organization_id as organizationId',
      'phone_system_id as phoneSystemId',
      'connected_since as connectedSince',
      'lost_since as lostSince',
      'lost_reason as lostReason',
      'lost_fix as lostFix',
      'warnings',
      'extensions',
      'last_event_at as lastEventAt',
      'events_per_minute as eventsPerMinute',
      sql<boolean>`lease_until > now()`.as('held'),
    ])
    .where('organization_id', '=', organizationId)
    .execute();
}

/** Whether the link works, as far as anybody knows. */
export function isUp({ held, connectedSince, lostSince }: StoredLink): boolean {
  return held && connectedSince !== null && lostSince === null;
}

/** The phone systems whose link is lost just now, by name. */
export async function lostLinksOf(
  db: Database,
  organizationId: string,
): Promise<{ name: string; since: Date }[]> {
  const { rows } = await sql<{ name: string; since: Date }>`
    select system.name, link.lost_since as since
    from phone_link as link
    join phone_system as system
      on system.organization_id = link.organization_id and system.id = link.phone_system_id
    where link.organization_id = ${organizationId} and link.lost_since is not null
    order by system.name`.execute(db);
  return rows;
}

function ownRow(db: Database, { organizationId, phoneSystemId }: LinkKey, owner: string) {
  return tables(db)
    .updateTable('phone_link')
    .where('organization_id', '=', organizationId)
    .where('phone_system_id', '=', phoneSystemId)
    .where('owner', '=', owner);
}

function json(list: string[]) {
  return sql<string[]>`${JSON.stringify(list)}::jsonb`;
}
