import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The outside line in the recordings of Asterisk. */
export const trunk = 'trunk-carrier';
export const banner = 'Asterisk Call Manager/11.0.0\r\n';

const captures = join(import.meta.dirname, '../test/captures');

/** Recorded streams of one phone system, as its bytes came. */
export function recordings(folder: string, pattern: string): Buffer[] {
  const files = globSync(pattern, { cwd: join(captures, folder) }).toSorted((a, b) =>
    basename(a).localeCompare(basename(b)),
  );
  if (files.length === 0) throw new Error(`No recording in test/captures/${folder}.`);
  return files.map((file) => readFileSync(join(captures, folder, file)));
}

/** What one connection to a busy Asterisk brings after the sign-in: all recordings, one after the other, in rounds. */
export interface AmiStream {
  bytes: Buffer;
  eventsPerRound: number;
}

/**
 * Every round has the same length and events of its own: the start of Unix times, which channels are named after, is moved on
 * by 11 days each round, so that no channel comes twice.
 */
export function amiStream(rounds: number): AmiStream {
  const once = recordings('asterisk-22.10.1', '*.ami.txt')
    .map((bytes) => bytes.toString('latin1').replace(/^Asterisk Call Manager.*\r\n/, ''))
    .join('');
  const parts = once.split(/\b1795(?=\d{6}\b)/);
  const bytes = Array.from({ length: rounds }, (_, round) =>
    Buffer.from(parts.join(String(1795 + round)), 'latin1'),
  );
  return { bytes: Buffer.concat(bytes), eventsPerRound: once.match(/^Event: /gm)?.length ?? 0 };
}
