import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { CallTables } from './tables.ts';

/** Something to be kept about an extension's part in a call; what is left out is not known, or was told before. */
export interface PhoneNote {
  organizationId: string;
  callId: string;
  extension: string;
  /** When this was noticed. */
  at: Date;
  rangAt?: Date | null;
  /** The pop went to so many browsers at `at`. */
  browsers?: number;
}

/**
 * Keeps who has these extensions now, and what became of their pops: each fact once, the earliest. What concerns a call that is part
 * of another by now is kept for that one. All notes are of one organization.
 */
export async function savePhones(
  db: Database,
  organizationId: string,
  notes: readonly PhoneNote[],
): Promise<void> {
  if (notes.length === 0) return;
  const column = <T>(of: (note: PhoneNote) => T) => notes.map(of);
  const sent = ({ at, browsers }: PhoneNote) => (browsers === undefined ? null : at);
  await sql`
    insert into call_phone as known (organization_id, call_id, extension, started_at, rang_at, person_id, plan, mapped, looked_at,
      sent_at, browsers)
    select call.organization_id, call.id, note.extension, call.started_at, note.rang_at, person.id, person.plan, exists (
        select from crm_user_mapping mapping
        where mapping.organization_id = call.organization_id and mapping.person_id = person.id
      ), note.at, note.sent_at, note.browsers
    from (
      select coalesce(told_of.merged_into, told_of.id) as call_id, extension, min(at) as at, min(rang_at) as rang_at,
        min(sent_at) as sent_at, max(browsers) as browsers
      from unnest(
        ${column((note) => note.callId)}::uuid[], ${column((note) => note.extension)}::text[],
        ${column((note) => note.at)}::timestamptz[], ${column((note) => note.rangAt ?? null)}::timestamptz[],
        ${column(sent)}::timestamptz[], ${column((note) => note.browsers ?? null)}::integer[]
      ) as told (call_id, extension, at, rang_at, sent_at, browsers)
      join call told_of on told_of.organization_id = ${organizationId} and told_of.id = told.call_id
      group by 1, 2
    ) note
    join call on call.organization_id = ${organizationId} and call.id = note.call_id
    left join person on person.organization_id = call.organization_id and person.extension = note.extension
      and person.active
    order by 1, 2, 3
    on conflict (organization_id, call_id, extension) do update set
      rang_at = least(known.rang_at, excluded.rang_at),
      sent_at = least(known.sent_at, excluded.sent_at),
      browsers = case when known.sent_at is null then excluded.browsers else known.browsers end
    where (known.rang_at, known.sent_at) is distinct from
      (least(known.rang_at, excluded.rang_at), least(known.sent_at, excluded.sent_at))
  `.execute(db);
}

/** A browser says that it shows the pops of these calls to this person. */
export interface ShownNote {
  organizationId: string;
  callId: string;
  personId: string;
  at: Date;
  /** What the browser calls itself. */
  browser: string;
}

/** Keeps it once, the earliest; answers those whose pop is not known to have been sent, such as while that is on its way here. */
export async function saveShown(
  db: Database,
  organizationId: string,
  notes: readonly ShownNote[],
): Promise<ShownNote[]> {
  if (notes.length === 0) return [];
  const { rows } = await sql<{ call_id: string; person_id: string }>`
    update call_phone phone
    set shown_at = coalesce(phone.shown_at, note.at), shown_in = coalesce(phone.shown_in, note.browser)
    from unnest(
      ${notes.map((note) => note.callId)}::uuid[], ${notes.map((note) => note.personId)}::uuid[],
      ${notes.map((note) => note.at)}::timestamptz[], ${notes.map((note) => note.browser)}::text[]
    ) as note (call_id, person_id, at, browser)
    where phone.organization_id = ${organizationId} and phone.call_id = note.call_id
      and phone.person_id = note.person_id
    returning phone.call_id, phone.person_id
  `.execute(db);
  const kept = new Set(rows.map((row) => `${row.call_id} ${row.person_id}`));
  return notes.filter((note) => !kept.has(`${note.callId} ${note.personId}`));
}

/** What was kept of a call's phones goes to the call that it turned out to be part of. */
export async function movePhones(
  db: Database,
  organizationId: string,
  from: string,
  into: string,
): Promise<void> {
  await sql`
    with moved as (
      delete from call_phone where organization_id = ${organizationId} and call_id = ${from} returning *
    )
    insert into call_phone as known
    select moved.organization_id, call.id, moved.extension, call.started_at, moved.rang_at, moved.person_id, moved.plan,
      moved.mapped, moved.looked_at, moved.sent_at, moved.browsers, moved.shown_at, moved.shown_in
    from moved
    join call on call.organization_id = ${organizationId} and call.id = ${into}
    on conflict (organization_id, call_id, extension) do update set
      rang_at = least(known.rang_at, excluded.rang_at),
      sent_at = least(known.sent_at, excluded.sent_at),
      shown_at = least(known.shown_at, excluded.shown_at),
      shown_in = coalesce(known.shown_in, excluded.shown_in)
  `.execute(db);
}

/** An extension's part in a call, as it was then. */
export interface CallPhone {
  extension: string;
  rangAt: Date | null;
  personId: string | null;
  plan: string | null;
  mapped: boolean;
  lookedAt: Date;
  sentAt: Date | null;
  browsers: number | null;
  shownAt: Date | null;
  shownIn: string | null;
}

/** In the order in which they rang. */
export async function phonesOfCall(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<CallPhone[]> {
  const rows = await db
    .withTables<CallTables>()
    .selectFrom('call_phone')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .orderBy(sql`coalesce(rang_at, started_at)`)
    .orderBy('extension')
    .execute();
  return rows.map((row) => ({
    extension: row.extension,
    rangAt: row.rang_at,
    personId: row.person_id,
    plan: row.plan,
    mapped: row.mapped,
    lookedAt: row.looked_at,
    sentAt: row.sent_at,
    browsers: row.browsers,
    shownAt: row.shown_at,
    shownIn: row.shown_in,
  }));
}

/** Whose the extensions of these calls were: names by call and extension. */
export async function phoneNames(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<Map<string, Map<string, string>>> {
  const names = new Map<string, Map<string, string>>();
  if (callIds.length === 0) return names;
  const { rows } = await sql<{ call_id: string; extension: string; name: string }>`
    select phone.call_id, phone.extension, person.name
    from call_phone phone
    join person on person.organization_id = phone.organization_id and person.id = phone.person_id
    where phone.organization_id = ${organizationId} and phone.call_id = any(${[...callIds]}::uuid[])
  `.execute(db);
  for (const { call_id: callId, extension, name } of rows)
    names.set(callId, (names.get(callId) ?? new Map()).set(extension, name));
  return names;
}
