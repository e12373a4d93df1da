import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { CallEvent } from '../telephony/port.ts';

/** A fact as it was told. */
export interface JournalEntry {
  /** By our clock. */
  receivedAt: Date;
  /** `at` is the phone system's clock. */
  event: CallEvent;
  /** Told of a part of the call that was taken for a call of its own then. */
  ofPart: boolean;
}

const entriesAtMost = 1_000;

/** Everything that told something new of a call and its parts, in the order in which we heard of it. */
export async function journalOf(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<JournalEntry[]> {
  const { rows } = await sql<{ received_at: Date; event: CallEvent; of_part: boolean }>`
    with recursive part as (
      select id from call where organization_id = ${organizationId} and id = ${callId}
      union
      select call.id from call join part on call.merged_into = part.id where call.organization_id = ${organizationId}
    )
    select entry.received_at, entry.event, entry.call_id <> ${callId} as of_part
    from call_event entry
    join part on part.id = entry.call_id
    where entry.organization_id = ${organizationId}
    order by entry.received_at, entry.event ->> 'at', entry.id
    limit ${entriesAtMost}
  `.execute(db);
  return rows.map(({ received_at: receivedAt, event, of_part: ofPart }) => ({
    receivedAt,
    event: { ...event, at: new Date(event.at) },
    ofPart,
  }));
}
