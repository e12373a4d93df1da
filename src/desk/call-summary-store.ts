import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** What was done with a call, as the columns of `summaryColumns` answer it. */
export interface SummaryRow {
  notes: { by: string | null; text: string; cut: boolean }[] | null;
  codes: string[] | null;
  tagged: {
    connectionId: string;
    caseId: string | null;
    number: string;
    shortDescription: string;
  } | null;
}

/** Columns that say what was done with the call `callId` (an SQL expression); of each person's note so many characters. */
export function summaryColumns(
  organizationId: string,
  callId: RawBuilder<unknown>,
  noteLength: number,
): RawBuilder<unknown> {
  return sql`
    (select json_agg(json_build_object('by', p.name, 'text', left(note.text, ${noteLength}),
        'cut', length(note.text) > ${noteLength}) order by note.at)
      from (
        select person_id, string_agg(text, E'\n' order by at) as text, min(at) as at
        from (
          select person_id, text, sent_at as at from call_note_part
          where organization_id = ${organizationId} and call_id = ${callId} and text <> ''
          union all
          select person_id, text, updated_at from call_note
          where organization_id = ${organizationId} and call_id = ${callId} and text <> ''
        ) part
        group by person_id
      ) note
      left join person p on p.organization_id = ${organizationId} and p.id = note.person_id
    ) as notes,
    (select json_agg(distinct code_label) from call_wrap_up
      where organization_id = ${organizationId} and call_id = ${callId} and code_label is not null
    ) as codes,
    (select json_build_object('connectionId', t.connection_id, 'caseId', coalesce(t.case_id, w.record_id),
        'number', coalesce(k.number, w.record_number, t.number),
        'shortDescription', coalesce(k.short_description, t.short_description))
      from call_case t
      -- A step in an index for each. With coalesce(), which PostgreSQL does not trust behind a fence, every case of the CRM was gone
      -- through for every call that has one.
      left join lateral (
        select state, record_id, record_number from outbox_write
        where organization_id = ${organizationId} and id = t.write_id
        order by organization_id, id limit 1
      ) w on true
      left join lateral (
        select number, short_description from crm_case
        where organization_id = ${organizationId} and connection_id = t.connection_id
          and id = case when t.case_id is null then w.record_id else t.case_id end
        order by organization_id, connection_id, id limit 1
      ) k on true
      where t.organization_id = ${organizationId} and t.call_id = ${callId}
        -- What was to make the case was given up: then the call is about none.
        and (t.case_id is not null or w.state <> 'dropped')
    ) as tagged`;
}

/** What was done with each of these calls; one with which nothing was done is absent. */
export async function summaryRows(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
  noteLength: number,
): Promise<Map<string, SummaryRow>> {
  if (callIds.length === 0) return new Map();
  const { rows } = await sql<SummaryRow & { call_id: string }>`
    select asked.call_id, ${summaryColumns(organizationId, sql.ref('asked.call_id'), noteLength)}
    from unnest(${[...callIds]}::uuid[]) as asked (call_id)`.execute(db);
  return new Map(
    rows
      .filter(({ notes, codes, tagged }) => notes !== null || codes !== null || tagged !== null)
      .map((row) => [row.call_id, row]),
  );
}
