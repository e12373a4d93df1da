import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { CallResult } from '../calls/outcome.ts';
import type { Database } from '../platform/database/database.ts';
import type { Direction } from '../telephony/port.ts';

/** Whose calls. */
export type CallReach =
  | { kind: 'all' }
  | { kind: 'mine'; personId: string }
  /** `personIds`: the viewer and the members of their teams. */
  | { kind: 'team'; personIds: readonly string[]; queues: readonly string[] };

export interface CallFilter {
  reach: CallReach;
  direction: Direction | null;
  /** Empty: every one. */
  results: readonly CallResult[];
  queue: string | null;
  /** Whose: any of these people; null: anybody. */
  personIds: readonly string[] | null;
  party: PartyFilter | null;
  from: Date | null;
  to: Date | null;
}

/** Any of these: the beginning of a number, this very number, one of these records, the beginning of a name. */
export interface PartyFilter {
  numberFrom: string | null;
  number: string | null;
  keys: readonly string[];
  nameFrom: string | null;
}

/** A call's place in a list. */
export interface CallPlace {
  startedAt: Date;
  callId: string;
}

type Condition = RawBuilder<unknown>;
const nothing = sql``;
const lastText = '\u{10FFFF}';

/**
 * The places of the calls that a filter lets through, the newest first. Whatever the filter, a page costs about as much as it has calls:
 * each source reads one index in the list's order and stops; where several values are asked for, each is a source of its own.
 */
export async function listCalls(
  db: Database,
  organizationId: string,
  filter: CallFilter,
  after: CallPlace | null,
  limit: number,
): Promise<CallPlace[]> {
  const sources = sourcesOf(filter).map((source) =>
    page(organizationId, filter, source, after, limit),
  );
  const { rows } = await sql<{ call_id: string; started_at: Date }>`
    select distinct started_at, call_id from (${sql.join(sources, sql` union all `)}) found
    order by started_at desc, call_id desc
    limit ${limit}
  `.execute(db);
  return rows.map((row) => ({ startedAt: row.started_at, callId: row.call_id }));
}

interface Source {
  /** Beside the record; '' or a join that gives the order. */
  ofPerson: string | null;
  where: Condition;
}

/** What is read in the list's order: the narrowest that the filter allows. */
function sourcesOf({ reach, results, queue, personIds, party }: CallFilter): Source[] {
  const record = (where: Condition): Source => ({ ofPerson: null, where });
  const person = (id: string): Source => ({ ofPerson: id, where: nothing });
  if (party !== null)
    return [
      ...(party.numberFrom === null ? [] : [record(begins('e164', party.numberFrom))]),
      ...(party.number === null ? [] : [record(sql`and record.e164 = ${party.number}`)]),
      ...party.keys.map((key) => record(sql`and record.candidate_key = ${key}`)),
      ...(party.nameFrom === null ? [] : [record(begins('name_key', party.nameFrom))]),
    ];
  // Nobody is in the team: a source that finds nothing.
  if (personIds !== null)
    return personIds.length === 0 ? [record(sql`and false`)] : personIds.map(person);
  if (reach.kind === 'mine') return [person(reach.personId)];
  if (queue !== null) return [record(sql`and record.queue = ${queue}`)];
  if (reach.kind === 'team')
    return [
      ...reach.personIds.map(person),
      ...reach.queues.map((name) => record(sql`and record.queue = ${name}`)),
    ];
  if (results.length > 0)
    return results.map((result) => record(sql`and record.result = ${result}`));
  return [record(nothing)];
}

function begins(column: 'e164' | 'name_key', text: string): Condition {
  const name = sql.ref(`record.${column}`);
  return sql`and ${name} >= ${text} and ${name} <= ${text + lastText}`;
}

function page(
  organizationId: string,
  filter: CallFilter,
  { ofPerson, where }: Source,
  after: CallPlace | null,
  limit: number,
): Condition {
  const key = sql.ref(ofPerson === null ? 'record' : 'phone');
  const own =
    ofPerson === null
      ? nothing
      : sql`join call_phone phone on phone.organization_id = record.organization_id and phone.call_id = record.call_id
          and phone.organization_id = ${organizationId} and phone.person_id = ${ofPerson}`;
  return sql`(
    select ${key}.started_at, ${key}.call_id from call_record record ${own}
    where record.organization_id = ${organizationId} ${where} ${conditionsOf(organizationId, filter)}
      ${within(key, filter)} ${after === null ? nothing : sql`and (${key}.started_at, ${key}.call_id) < (${after.startedAt}, ${after.callId}::uuid)`}
    order by ${key}.started_at desc, ${key}.call_id desc
    limit ${limit}
  )`;
}

function within(key: Condition, { from, to }: CallFilter): Condition {
  return sql`${from === null ? nothing : sql`and ${key}.started_at >= ${from}`}
    ${to === null ? nothing : sql`and ${key}.started_at < ${to}`}`;
}

/** Everything that a filter asks of a call, whatever it is found by. */
function conditionsOf(organizationId: string, filter: CallFilter): Condition {
  const { reach, direction, results, queue, personIds } = filter;
  const isOf = (ids: readonly string[]) => sql`exists (
    select from call_phone own
    where own.organization_id = ${organizationId} and own.call_id = record.call_id and own.person_id = any(${[...ids]}::uuid[])
  )`;
  const conditions = [
    direction === null ? nothing : sql`and record.direction = ${direction}`,
    results.length === 0 ? nothing : sql`and record.result = any(${[...results]}::text[])`,
    queue === null ? nothing : sql`and record.queue = ${queue}`,
    personIds === null ? nothing : sql`and ${isOf(personIds)}`,
    reach.kind === 'mine' ? sql`and ${isOf([reach.personId])}` : nothing,
    reach.kind === 'team'
      ? sql`and (record.queue = any(${[...reach.queues]}::text[]) or ${isOf(reach.personIds)})`
      : nothing,
  ];
  return sql.join(conditions, sql` `);
}
