import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ringsideVersion } from './main.ts';
import { systemClock } from './platform/clock.ts';
import type { Command } from './platform/command.ts';
import { loadConfig } from './platform/config.ts';
import type { Config } from './platform/config.ts';
import { borrowConnection } from './platform/database/borrow-database.ts';
import { writeBackup } from './platform/database/write-backup.ts';
import type { BackupSummary } from './platform/database/write-backup.ts';
import { RingsideError } from './platform/errors.ts';

interface BackupCommandOptions {
  withKey?: boolean;
  overwrite?: boolean;
}

/** `ringside backup`: everything of the database in one file, also while hubs work on it. */
export const command: Command<BackupCommandOptions> = {
  name: 'backup',
  description:
    'Write everything in the database into one file: settings, people, calls, notes, mirror. Works beside a running hub.',
  configure: (backup) =>
    backup
      .argument('<file>', 'where to; - for standard output')
      .option('--with-key', 'put the key file into it too: whoever has the file has the passwords')
      .option('--overwrite', 'replace the file when it is there')
      .addHelpText(
        'after',
        '\nIt reads RINGSIDE_DATA_DIR or DATABASE_URL as `ringside serve` does.\nExit code: 0 well, 1 failed, 2 wrong usage.',
      ),
  async run(options, [file = '']) {
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    await backup(loadConfig(), file, options, say);
    return 0;
  },
};

/** Throws `conflict` when the file is there already, and what the database throws; then no file is left behind. */
export async function backup(
  config: Pick<Config, 'dataDir' | 'database' | 'keyFile'>,
  file: string,
  { withKey = false, overwrite = false }: BackupCommandOptions,
  say: (text: string) => void,
): Promise<void> {
  if (file !== '-' && !overwrite && (await stat(file).catch(() => null)) !== null) {
    throw new RingsideError('conflict', `'${file}' is there already.`, {
      fix: 'Choose another name, such as one with the date, or say --overwrite.',
    });
  }
  const key = withKey ? (await readFile(config.keyFile, 'utf8')).trim() : null;
  const { connection, giveBack } = await borrowConnection(config);
  try {
    const options = { version: ringsideVersion(), at: systemClock.now(), key };
    const summary =
      file === '-'
        ? await toStandardOutput((target) => writeBackup(connection, target, options))
        : await toFile(file, (target) => writeBackup(connection, target, options));
    const rows = Object.values(summary.rows).reduce((sum, count) => sum + count, 0);
    say(`${rows} rows of ${Object.keys(summary.rows).length} tables and ${summary.jobs} jobs.`);
    say(
      withKey
        ? 'The key is in it: keep it as safe as the passwords that it opens.'
        : `The key is not in it: keep a copy of ${config.keyFile} somewhere else. Without it the stored passwords are lost.`,
    );
  } finally {
    await giveBack();
  }
}

type Writing = (target: NodeJS.WritableStream & PassThrough) => Promise<BackupSummary>;

/** A draft beside it takes its name at the end: a file of that name is always whole. */
async function toFile(file: string, write: Writing): Promise<BackupSummary> {
  const path = resolve(file);
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    const through = new PassThrough();
    const saved = pipeline(
      through,
      createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }),
    );
    const [summary] = await Promise.all([write(through), saved]);
    await rename(draft, path);
    return summary;
  } catch (error) {
    await rm(draft, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'open') throw error;
    throw new RingsideError('invalid-input', `'${file}' cannot be written (${code}).`, {
      fix: 'Name a file in a folder that this user may write to.',
      cause: error,
    });
  }
}

async function toStandardOutput(write: Writing): Promise<BackupSummary> {
  if (process.stdout.isTTY) {
    throw new RingsideError('invalid-input', 'A backup is no text for a screen.', {
      fix: 'Name a file, or send it to one: ringside backup - > FILE',
    });
  }
  const through = new PassThrough();
  const [summary] = await Promise.all([
    write(through),
    pipeline(through, process.stdout, { end: false }),
  ]);
  return summary;
}
