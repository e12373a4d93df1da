import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import { RingsideError } from '../errors.ts';
import { backupHeader, backupJob, backupSection, endOfRows } from './backup-format.ts';
import type { BackupHeader, BackupJob } from './backup-format.ts';

/** What is done with the parts of a backup, in the file's order. */
export interface BackupReader {
  /** Answers where the rows go: whole lines of COPY's text. */
  table(name: string, columns: string[]): Promise<RowSink>;
  job(job: BackupJob): Promise<void>;
}

export interface RowSink {
  write(rows: Buffer): Promise<void>;
  /** Answers how many rows came. */
  end(): Promise<number>;
}

/**
 * Reads a backup from its beginning to its end. Throws `invalid-input` for a file that is none, is cut off or damaged, or was written
 * by a newer Ringside in a way not known here; and what the reader throws.
 */
export async function readBackup(
  file: string,
  reader: (header: BackupHeader) => Promise<BackupReader>,
): Promise<BackupHeader> {
  const source = createReadStream(file);
  const unpacked = createGunzip();
  // `pipe` alone tells nobody that the file cannot be read.
  source.on('error', (error) => unpacked.destroy(error));
  const lines = new Lines(source.pipe(unpacked), file);
  try {
    const first = await lines.next();
    const header = parsed(backupHeader, first, file);
    const parts = await reader(header);
    const rows: Record<string, number> = {};
    for (;;) {
      const section = parsed(backupSection, await lines.next(), file);
      if ('end' in section) {
        for (const [table, count] of Object.entries(section.rows)) {
          if (rows[table] !== count) throw notWhole(file, `${table} has not all its rows`);
        }
        return header;
      }
      if ('jobs' in section) {
        for (let text = await lines.next(); text !== endOfRows; text = await lines.next())
          await parts.job(parsed(backupJob, text, file));
        continue;
      }
      const sink = await parts.table(section.table, section.columns);
      for (let some = await lines.rows(); some !== null; some = await lines.rows())
        await sink.write(some);
      rows[section.table] = await sink.end();
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw new RingsideError('invalid-input', `'${file}' cannot be read (${code}).`, {
        fix: 'Name a file that `ringside backup` wrote.',
      });
    }
    if (code?.startsWith('Z_') === true) throw notWhole(file, 'it is no gzip file, or cut off');
    throw error;
  } finally {
    lines.close();
    source.destroy();
  }
}

/** A backup's parts, looked at and thrown away: is it whole? */
export const lookOnly: BackupReader = {
  async table() {
    let rows = 0;
    return {
      async write(some) {
        for (let at = some.indexOf(10); at !== -1; at = some.indexOf(10, at + 1)) rows += 1;
      },
      end: async () => rows,
    };
  },
  async job() {},
};

function parsed<T extends z.ZodType>(schema: T, text: string, file: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notWhole(file, 'a line is not what it should be');
  }
  const { data, success } = schema.safeParse(value);
  if (!success) throw notWhole(file, 'a line is not what it should be');
  return data;
}

function notWhole(file: string, why: string): RingsideError {
  return new RingsideError('invalid-input', `'${file}' is not a whole backup: ${why}.`, {
    fix: 'Name a file that `ringside backup` of this or an older Ringside wrote to its end.',
  });
}

const end = Buffer.from(`\n${endOfRows}\n`);

/** Lines out of chunks: single ones as text, rows as many at once as there are. */
class Lines {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #stream: { destroy(): void };
  readonly #file: string;
  #rest = Buffer.alloc(0);
  /** The rows of the section have ended, and nobody has been told yet. */
  #over = false;

  constructor(stream: AsyncIterable<Buffer> & { destroy(): void }, file: string) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#file = file;
  }

  async next(): Promise<string> {
    let at = this.#rest.indexOf(10);
    while (at === -1) {
      await this.#more();
      at = this.#rest.indexOf(10);
    }
    const text = this.#rest.toString('utf8', 0, at);
    this.#rest = this.#rest.subarray(at + 1);
    return text;
  }

  /** Whole lines; null at the end of the section. */
  async rows(): Promise<Buffer | null> {
    if (this.#over) {
      this.#over = false;
      return null;
    }
    for (;;) {
      if (this.#rest.indexOf(end.subarray(1)) === 0) {
        this.#rest = this.#rest.subarray(end.length - 1);
        return null;
      }
      const at = this.#rest.indexOf(end);
      if (at !== -1) return this.#take(at + 1, true);
      // The last line may be the beginning of the end.
      const last = this.#rest.lastIndexOf(10, this.#rest.length - 2);
      if (last > 0) return this.#take(last + 1, false);
      await this.#more();
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(length: number, over: boolean): Buffer {
    const rows = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(over ? length + end.length - 1 : length);
    this.#over = over;
    return rows;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done === true) throw notWhole(this.#file, 'its end is missing');
    this.#rest = Buffer.concat([this.#rest, value]);
  }
}
