import { CompiledQuery } from 'kysely';
import { askTogether } from '../platform/database/ask-together.ts';
import type { Database } from '../platform/database/database.ts';
import type { Wanted } from './work-tables.ts';

/** The case that a call is about, as stored. */
export interface CaseTag {
  callId: string;
  connectionId: string;
  /** Null while the outbox is still to make it. */
  caseId: string | null;
  writeId: string | null;
  /** Of the outbox, for writes to the case. */
  lane: string;
  number: string;
  shortDescription: string;
  wanted: Wanted;
  /** '' when that person is gone. */
  taggedBy: string;
}

export interface StoredNote {
  personId: string;
  name: string;
  text: string;
  version: number;
  editor: string;
  step: number;
  updatedAt: Date;
}

export interface StoredPart {
  personId: string;
  name: string;
  text: string;
  writeId: string;
  sentAt: Date;
}

export interface StoredWrapUp {
  personId: string;
  beganAt: Date | null;
  dueAt: Date | null;
  limited: boolean;
  codeId: string | null;
  codeLabel: string | null;
  secondsWorked: number | null;
  finishedAt: Date | null;
  finishedBy: 'agent' | 'limit' | null;
}

/** What everybody did with a call. */
export interface StoredWork {
  tag: CaseTag | null;
  notes: StoredNote[];
  parts: StoredPart[];
  wrapUps: StoredWrapUp[];
  /** The outbox has writes of this call. */
  writes: boolean;
}

export const nothingDone: StoredWork = {
  tag: null,
  notes: [],
  parts: [],
  wrapUps: [],
  writes: false,
};

const workQuery = `/* prepared work-of-calls */
    select
      (select to_jsonb(found) from (
        select t.call_id, t.connection_id, t.case_id, t.write_id, t.lane, t.number, t.short_description, t.wanted, p.name
        from call_case t
        left join person p on p.organization_id = t.organization_id and p.id = t.tagged_by
        where t.organization_id = $1 and t.call_id = wanted.call_id) found) as tag,
      (select jsonb_agg(found order by found.updated_at) from (
        select n.person_id, p.name, n.text, n.version, n.editor, n.step, n.updated_at
        from call_note n join person p on p.organization_id = n.organization_id and p.id = n.person_id
        where n.organization_id = $1 and n.call_id = wanted.call_id and n.version > 0) found) as notes,
      (select jsonb_agg(found order by found.id) from (
        select n.id, n.person_id, p.name, n.text, n.write_id, n.sent_at
        from call_note_part n join person p on p.organization_id = n.organization_id and p.id = n.person_id
        where n.organization_id = $1 and n.call_id = wanted.call_id) found) as parts,
      (select jsonb_agg(found) from (
        select person_id, began_at, due_at, limited, code_id, code_label, seconds_worked, finished_at, finished_by
        from call_wrap_up
        where organization_id = $1 and call_id = wanted.call_id) found) as wrap_ups,
      -- Not exists(): that may become a list of all calls that have writes.
      (select true from outbox_write
        where organization_id = $1 and call_id = wanted.call_id limit 1) is not null as writes
    from unnest($2::uuid[]) with ordinality as wanted (call_id, n)
    order by wanted.n`;

/** In one round trip, shared with whoever asks at the same time: every pop asks this. */
export const workOfCall = askTogether(
  async (db: Database, organizationId: string, callIds: readonly string[]) => {
    const { rows } = await db.executeQuery<Row>(
      CompiledQuery.raw(workQuery, [organizationId, callIds]),
    );
    return rows.map(present);
  },
);

interface Row {
  tag: TagJson | null;
  notes: NoteJson[] | null;
  parts: PartJson[] | null;
  wrap_ups: WrapUpJson[] | null;
  writes: boolean;
}
interface TagJson {
  call_id: string;
  connection_id: string;
  case_id: string | null;
  write_id: string | null;
  lane: string;
  number: string;
  short_description: string;
  wanted: Wanted;
  name: string | null;
}
interface NoteJson {
  person_id: string;
  name: string;
  text: string;
  version: number;
  editor: string;
  step: number;
  updated_at: string;
}
interface PartJson {
  id: string;
  person_id: string;
  name: string;
  text: string;
  write_id: string;
  sent_at: string;
}
interface WrapUpJson {
  person_id: string;
  began_at: string | null;
  due_at: string | null;
  limited: boolean;
  code_id: string | null;
  code_label: string | null;
  seconds_worked: number | null;
  finished_at: string | null;
  finished_by: 'agent' | 'limit' | null;
}

function present(row: Row): StoredWork {
  return {
    tag: row.tag === null ? null : presentTag(row.tag),
    notes: (row.notes ?? []).map((note) => ({
      personId: note.person_id,
      name: note.name,
      text: note.text,
      version: note.version,
      editor: note.editor,
      step: note.step,
      updatedAt: new Date(note.updated_at),
    })),
    parts: (row.parts ?? []).map((part) => ({
      personId: part.person_id,
      name: part.name,
      text: part.text,
      writeId: part.write_id,
      sentAt: new Date(part.sent_at),
    })),
    wrapUps: (row.wrap_ups ?? []).map((one) => ({
      personId: one.person_id,
      beganAt: toDate(one.began_at),
      dueAt: toDate(one.due_at),
      limited: one.limited,
      codeId: one.code_id,
      codeLabel: one.code_label,
      secondsWorked: one.seconds_worked,
      finishedAt: toDate(one.finished_at),
      finishedBy: one.finished_by,
    })),
    writes: row.writes,
  };
}

function presentTag(tag: TagJson): CaseTag {
  return {
    callId: tag.call_id,
    connectionId: tag.connection_id,
    caseId: tag.case_id,
    writeId: tag.write_id,
    lane: tag.lane,
    number: tag.number,
    shortDescription: tag.short_description,
    wanted: tag.wanted,
    taggedBy: tag.name ?? '',
  };
}

const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text));
