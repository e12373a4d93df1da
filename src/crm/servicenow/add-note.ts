import type { WriteOptions } from '../port.ts';
import type { NoteOptions } from '../write.ts';
import type { Client } from './client.ts';
import { equals, isSafeValue } from './encoded-query.ts';
import { failure } from './failure.ts';
import { hasCode } from './pull.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import { listRows } from './table-api.ts';
import { customerCase } from './tables.ts';
import { writeOnce, writing } from './write-once.ts';
import type { Finding } from './write-once.ts';
import { patch } from './write-record.ts';

const fieldOf = { 'work-note': 'work_notes', customer: 'comments' } as const;
type Journal = (typeof fieldOf)[NoteOptions['visibility']];

/** Adds a note to a case, once; see CrmConnection.addNote. */
export function addNote(
  client: Client,
  caseId: string,
  note: string,
  noteOptions: NoteOptions,
  options: WriteOptions = {},
): Promise<'added' | 'already-there'> {
  return addEntry(client, { table: customerCase.name, id: caseId }, note, noteOptions, options);
}

/** A record with notes. */
export interface Noted {
  table: string;
  id: string;
}

/**
 * Adds a note to a record that has them, once. Every write to a journal field adds an entry, so it is never sent blindly. `also`
 * is written together with it.
 */
export async function addEntry(
  client: Client,
  noted: Noted,
  note: string,
  { visibility, token, fresh = false }: NoteOptions,
  options: WriteOptions,
  also: Record<string, string> = {},
): Promise<'added' | 'already-there'> {
  if (!/^[\w-]{6,64}$/.test(token) || !isSafeValue(noted.id) || noted.id === '')
    throw failure('rejected', 'The token of a note is 6 to 64 letters, digits and hyphens.');
  const field = fieldOf[visibility];
  const mark = `[${token}]`;
  const { existed } = await writeOnce(
    {
      tried: !fresh,
      subject: `${field} of ${noted.table}`,
      settledAfterMs: client.settledAfterMs,
      send: async () => {
        const body = { ...also, [field]: `${note.toWellFormed()}\n${mark}` };
        await patch(client, noted.table, noted.id, body, options);
      },
      find: async (): Promise<Finding<void>> => {
        const texts = await notesOf(client, noted, field, options);
        if (texts === null) return 'unknown';
        return texts.some((one) => one.includes(mark)) ? { done: undefined } : 'not-done';
      },
    },
    options,
  );
  return existed ? 'already-there' : 'added';
}

/** The entries of a journal field; null when no way to read them is open to the user. */
async function notesOf(
  client: Client,
  noted: Noted,
  field: Journal,
  options: WriteOptions,
): Promise<string[] | null> {
  return (
    (await fromJournal(client, noted.id, field, options)) ??
    (await fromForm(client, noted, field, options))
  );
}

const entriesAtMost = 1000;

/** From sys_journal_field, which many instances keep to administrators. An empty answer may mean that its rows are hidden. */
async function fromJournal(
  client: Client,
  id: string,
  field: Journal,
  options: WriteOptions,
): Promise<string[] | null> {
  try {
    const { rows, total } = await listRows(
      client,
      {
        table: 'sys_journal_field',
        where: [equals('element_id', id), equals('element', field)],
        fields: ['sys_id', 'element_id', 'element', 'value'],
        limit: entriesAtMost,
      },
      writing(options),
    );
    const own = rows.filter((row) => rawValue(row, 'element_id') === id);
    const complete = total !== null && total === rows.length && own.length === rows.length;
    const readable = own.every((row) => rawValue(row, 'value') !== undefined);
    return complete && readable ? own.map((row) => rawValue(row, 'value') ?? '') : null;
  } catch (error) {
    if (hasCode(error, 'no-access', 'csm-inactive')) return null;
    throw error;
  }
}

/** As a form shows the field: all its entries in one text. With raw values a journal field always reads empty. */
async function fromForm(
  client: Client,
  { table, id }: Noted,
  field: Journal,
  options: WriteOptions,
): Promise<string[] | null> {
  const { result } = await client.get({
    path: `api/now/table/${table}/${encodeURIComponent(id)}`,
    parameters: { sysparm_fields: `sys_id,${field}`, sysparm_display_value: 'true' },
    subject: table,
    ...writing(options),
  });
  if (Array.isArray(result))
    throw failure('not-found', 'The record is not there any more, or hidden from the user.');
  const shown =
    typeof result === 'object' && result !== null ? rawValue(result as Row, field) : undefined;
  return shown === undefined ? null : [shown];
}
