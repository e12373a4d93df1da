import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { missedCountedAtMost } from './missed-contract.ts';
import type { MissedConcern, MissedReach } from './missed-reach.ts';

/** An entry as stored. */
export interface StoredMissedCall {
  id: string;
  firstAt: Date;
  lastAt: Date;
  times: number;
  tries: number;
  /** 0 urgent, 1 high, 2 normal, 3 low. */
  priority: number;
  /** Which rule said so; null: none. */
  priorityReason: string | null;
  lastCallId: string;
  closedAt: Date | null;
  closedFor: 'called-back' | 'got-through' | 'by-hand' | null;
  closedBy: string | null;
  case: {
    connectionId: string;
    /** Null until the CRM has it. */
    id: string | null;
    number: string;
    shortDescription: string;
    /** Of the write that makes it; null when that is forgotten. */
    state: string | null;
  } | null;
}

export interface MissedPlace {
  /** Of open entries, whose order begins with it. */
  priority: number;
  at: Date;
  id: string;
}

type Condition = RawBuilder<unknown>;
const yes = sql`true`;

const columns = sql`m.id, m.first_at as "firstAt", m.last_at as "lastAt", m.times, m.tries, m.priority, m.priority_reason as "priorityReason", m.last_call_id as "lastCallId",
  m.closed_at as "closedAt", m.closed_for as "closedFor", closer.name as "closedBy",
  case when opened.id is not null then jsonb_build_object('connectionId', opened.connection_id, 'id', opened.case_id,
    'number', opened.number, 'shortDescription', opened.short_description, 'state', write.state) end as "case"`;

const joins = sql`
  left join person closer on closer.organization_id = m.organization_id and closer.id = m.closed_by
  left join missed_case opened on opened.organization_id = m.organization_id and opened.id = m.missed_case_id
  left join outbox_write write on write.organization_id = m.organization_id and write.id = m.missed_case_id`;

/** A page of entries: open ones by priority, then their last call, closed ones by when they were closed, the latest first. */
export async function listEntries(
  db: Database,
  organizationId: string,
  reach: MissedReach,
  asked: {
    open: boolean;
    after: MissedPlace | null;
    limit: number;
    /** Only what rang one of these; null: whomever. */
    members: readonly string[] | null;
  },
): Promise<StoredMissedCall[]> {
  const { open, after, limit, members } = asked;
  const key = sql.ref(open ? 'm.last_at' : 'm.closed_at');
  const beyond = ({ priority, at, id }: MissedPlace) => {
    const later = sql`(${key}, m.id) < (${at}, ${id}::uuid)`;
    return open
      ? sql`(m.priority > ${priority} or (m.priority = ${priority} and ${later}))`
      : later;
  };
  const { rows } = await sql<StoredMissedCall>`
    select ${columns} from missed_call m ${joins}
    where m.organization_id = ${organizationId} and ${open ? sql`m.closed_at is null` : sql`m.closed_at is not null`}
      and ${concerns(organizationId, reach)} and ${rangOneOf(organizationId, members)}
      and ${after === null ? yes : beyond(after)}
    order by ${open ? sql`m.priority,` : sql``} ${key} desc, m.id desc limit ${limit}`.execute(db);
  return rows;
}

/** One entry within a reach; null when there is none. */
export async function entryById(
  db: Database,
  organizationId: string,
  reach: MissedReach,
  id: string,
): Promise<StoredMissedCall | null> {
  const { rows } = await sql<StoredMissedCall>`
    select ${columns} from missed_call m ${joins}
    where m.organization_id = ${organizationId} and m.id = ${id} and ${concerns(organizationId, reach)}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Counts up to a thousand. */
export async function countOpen(
  db: Database,
  organizationId: string,
  reach: MissedReach,
  members: readonly string[] | null = null,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from missed_call m
      where m.organization_id = ${organizationId} and m.closed_at is null and ${concerns(organizationId, reach)} and ${rangOneOf(organizationId, members)}
      limit ${missedCountedAtMost}
    ) counted`.execute(db);
  return rows[0]?.count ?? 0;
}

/** One of these was rung by one of the entry's calls. */
function rangOneOf(organizationId: string, members: readonly string[] | null): Condition {
  return members === null ? yes : concerns(organizationId, { kind: 'people', personIds: members });
}

/** The organization's entry table is `m`. */
function concerns(
  organizationId: string,
  reach: MissedReach | { kind: 'people'; personIds: readonly string[] },
): Condition {
  if (reach.kind === 'all') return yes;
  const part = sql`missed_call_part part
    where part.organization_id = ${organizationId} and part.missed_call_id = m.id and part.kind = 'missed'`;
  const rang = (who: Condition) => sql`exists (
    select from call_phone phone
    where phone.organization_id = ${organizationId} and phone.call_id = part.call_id and phone.rang_at is not null and ${who}
  )`;
  const personIds = reach.kind === 'mine' ? [reach.personId] : [...reach.personIds];
  const own = sql`exists (select from ${part} and ${rang(sql`phone.person_id = any(${personIds}::uuid[])`)})`;
  if (reach.kind !== 'team') return own;
  return sql`(${own}
    or exists (select from ${part} and part.queue = any(${[...reach.queues]}::text[]))
    or exists (select from ${part} and part.queue is null and not ${rang(sql`phone.person_id is not null`)}))`;
}

/** Whom each open entry concerns, in one query for everybody who looks; up to a thousand entries. */
export async function openConcerns(db: Database, organizationId: string): Promise<MissedConcern[]> {
  const { rows } = await sql<MissedConcern>`
    select
      coalesce(array_agg(distinct part.queue) filter (where part.queue is not null), '{}') as queues,
      coalesce(array_agg(distinct phone.person_id) filter (where phone.person_id is not null), '{}') as "personIds",
      coalesce(bool_or(part.queue is null and phone.person_id is null and not exists (
        select from call_phone other
        where other.organization_id = ${organizationId} and other.call_id = part.call_id and other.rang_at is not null
          and other.person_id is not null
      )), false) as nobodys
    from (
      select id from missed_call where organization_id = ${organizationId} and closed_at is null
      order by last_at desc limit ${missedCountedAtMost}
    ) m
    join missed_call_part part on part.organization_id = ${organizationId} and part.missed_call_id = m.id and part.kind = 'missed'
    left join call_phone phone on phone.organization_id = ${organizationId} and phone.call_id = part.call_id
      and phone.rang_at is not null
    group by m.id`.execute(db);
  return rows;
}

/** A call of an entry. */
export interface ListedPart {
  entryId: string;
  callId: string;
  kind: 'missed' | 'tried';
  at: Date;
  queue: string | null;
}

/** The last calls of each entry, the latest first. */
export async function lastParts(
  db: Database,
  organizationId: string,
  entryIds: readonly string[],
  most: number,
): Promise<ListedPart[]> {
  if (entryIds.length === 0) return [];
  const { rows } = await sql<ListedPart>`
    select part.missed_call_id as "entryId", part.call_id as "callId", part.kind, part.at, part.queue
    from unnest(${[...entryIds]}::uuid[]) as wanted (id)
    cross join lateral (
      select * from missed_call_part
      where organization_id = ${organizationId} and missed_call_id = wanted.id
      order by at desc, call_id desc limit ${most}
    ) part
    order by part.at desc, part.call_id desc`.execute(db);
  return rows;
}
