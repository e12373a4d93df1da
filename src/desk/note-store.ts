import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { NoteState } from './note.ts';
import type { WorkTables } from './work-tables.ts';

const tables = (db: Database) => db.withTables<WorkTables>();

interface Owner {
  organizationId: string;
  callId: string;
  personId: string;
}

const keyOf = ({ organizationId, callId, personId }: Owner) => ({
  organization_id: organizationId,
  call_id: callId,
  person_id: personId,
});

/** A person's note on a call, locked until the transaction ends; an empty one of version 0 where there is none. */
export async function lockNote(trx: Database, owner: Owner): Promise<NoteState> {
  const key = keyOf(owner);
  await tables(trx)
    .insertInto('call_note')
    .values({ ...key, ...emptyNote, updated_at: new Date(0) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tables(trx)
    .selectFrom('call_note')
    .select(['text', 'version', 'editor', 'step', 'updated_at'])
    .where('organization_id', '=', key.organization_id)
    .where('call_id', '=', key.call_id)
    .where('person_id', '=', key.person_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { updated_at: updatedAt, ...note } = row;
  return { ...note, updatedAt };
}

const emptyNote = { text: '', version: 0, editor: '', step: 0 };

export async function writeNote(
  trx: Database,
  owner: Owner,
  { updatedAt, ...note }: NoteState,
): Promise<void> {
  const key = keyOf(owner);
  await tables(trx)
    .updateTable('call_note')
    .set({ ...note, updated_at: updatedAt })
    .where('organization_id', '=', key.organization_id)
    .where('call_id', '=', key.call_id)
    .where('person_id', '=', key.person_id)
    .execute();
}

/** Keeps what was handed to the outbox. */
export async function addPart(
  trx: Database,
  owner: Owner,
  part: { text: string; writeId: string; at: Date },
): Promise<void> {
  await tables(trx)
    .insertInto('call_note_part')
    .values({
      ...keyOf(owner),
      id: newId(),
      text: part.text,
      write_id: part.writeId,
      sent_at: part.at,
    })
    .execute();
}

/**
 * `from` turned out to be part of `into`: the notes go along. Who wrote about both has the texts in one note, the later part below;
 * windows that still hold the older text learn it from the version.
 */
export async function moveNotes(
  trx: Database,
  organizationId: string,
  from: string,
  into: string,
): Promise<void> {
  await sql`
    insert into call_note as known (organization_id, call_id, person_id, text, version, editor, step, updated_at)
    select organization_id, ${into}::uuid, person_id, text, version, editor, step, updated_at from call_note
    where organization_id = ${organizationId} and call_id = ${from} and version > 0
    on conflict (organization_id, call_id, person_id) do update set
      text = concat_ws(E'\n', nullif(known.text, ''), nullif(excluded.text, '')),
      version = greatest(known.version, excluded.version) + 1,
      editor = '', step = 0,
      updated_at = greatest(known.updated_at, excluded.updated_at)`.execute(trx);
  await sql`delete from call_note where organization_id = ${organizationId} and call_id = ${from}`.execute(
    trx,
  );
  await sql`
    update call_note_part set call_id = ${into}
    where organization_id = ${organizationId} and call_id = ${from}`.execute(trx);
}
