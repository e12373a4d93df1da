import { CompiledQuery, sql } from 'kysely';
import { copyMarker } from './copy-statement.ts';
import type { Database } from './database.ts';

/**
 * Loads rows into a table by COPY, the fastest way there is: inserting from arrays costs the database
 * three times as much. `rows` is COPY's text format: cells made by `copyCell`, a tab between them, a
 * line feed after each row (CopyText), cut anywhere; an iterable is asked for more as the database takes it.
 * What is the same in every row goes into `same`, and not through the text. Call it in a transaction. Answers
 * how many rows that were. Throws what the database throws; then nothing is kept.
 *
 * COPY does not reach through a fence (fence.ts): the rows come by way of a table of the connection's
 * own, which costs next to nothing and is emptied at the end of the transaction.
 */
export async function copyRows(
  trx: Database,
  table: string,
  columns: readonly string[],
  rows: Iterable<Buffer> | AsyncIterable<Buffer>,
  same: Readonly<Record<string, string>> = {},
): Promise<number> {
  const load = sql.table(`load_${table}`);
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const all = sql.join([...Object.keys(same), ...columns].map((name) => sql.ref(name)));
  const values = sql.join([
    ...Object.values(same).map((value) => sql.lit(value)),
    ...columns.map((name) => sql.ref(name)),
  ]);
  // It may hold rows that this transaction has loaded already.
  await sql`create temporary table if not exists ${load} on commit delete rows
      as select * from ${sql.table(table)} with no data;
    delete from ${load}`.execute(trx);
  const copy = sql`${sql.raw(copyMarker)}copy ${load} (${names}) from stdin`.compile(trx);
  await trx.executeQuery(CompiledQuery.raw(copy.sql, [rows]));
  const { numAffectedRows } =
    await sql`insert into ${sql.table(table)} (${all}) select ${values} from ${load}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** A value as a cell of COPY's text. */
export function copyCell(value: string | number | boolean | Date | null): string {
  if (typeof value === 'string') return special.test(value) ? value.replace(each, escaped) : value;
  if (value === null) return String.raw`\N`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return typeof value === 'number' ? String(value) : value.toISOString();
}

const special = /[\\\n\r\t]/;
const each = new RegExp(special.source, 'g');
const escapes: Record<string, string> = { '\n': 'n', '\r': 'r', '\t': 't' };
const escaped = (sign: string) => `\\${escapes[sign] ?? sign}`;

/**
 * Rows on their way to COPY, as bytes at once: text put together line by line is taken apart again
 * when it is sent, which cost five times as much.
 */
export class CopyText {
  #bytes: Buffer;
  #length = 0;

  /** `size`: about so many bytes will come. */
  constructor(size = 65_536) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  /** Adds a row, its line feed included. */
  add(line: string): void {
    // A UTF-16 unit takes three bytes at most.
    const needed = this.#length + line.length * 3;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#length += this.#bytes.write(line, this.#length);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The rows again, cell by cell; what is not null is text. */
  *rows(): Generator<(string | null)[], void, void> {
    for (const line of this.bytes.toString().split('\n'))
      if (line !== '') yield line.split('\t').map(readCell);
  }
}

function readCell(text: string): string | null {
  if (!text.includes('\\')) return text;
  return text === String.raw`\N`
    ? null
    : text.replaceAll(/\\(.)/g, (_, sign: string) => plain(sign));
}

const meanings: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
const plain = (sign: string) => meanings[sign] ?? sign;
