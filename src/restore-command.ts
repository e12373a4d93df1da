import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from './platform/command.ts';
import { loadConfig } from './platform/config.ts';
import type { Config } from './platform/config.ts';
import { loadBackup } from './platform/database/load-backup.ts';
import { startEmbedded } from './platform/database/embedded.ts';
import { RingsideError } from './platform/errors.ts';

interface RestoreCommandOptions {
  replace?: boolean;
}

/** `ringside restore`: a database as it was when the file was written. */
export const command: Command<RestoreCommandOptions> = {
  name: 'restore',
  description:
    'Make the database what it was when `ringside backup` wrote the file, of either mode. No hub may work on it meanwhile.',
  configure: (restore) =>
    restore
      .argument('<file>', 'what `ringside backup` wrote')
      .option('--replace', 'the database may hold organizations already; they are lost')
      .addHelpText(
        'after',
        '\nIt writes to RINGSIDE_DATA_DIR or DATABASE_URL, which `ringside serve` reads.\nExit code: 0 well, 1 failed, 2 wrong usage.',
      ),
  async run(options, [file = '']) {
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    await restore(loadConfig(), file, options, say);
    return 0;
  },
};

/** Throws what loadBackup throws, and `conflict` when another key file is there than the one in the backup. */
export async function restore(
  config: Pick<Config, 'dataDir' | 'database' | 'keyFile'>,
  file: string,
  { replace = false }: RestoreCommandOptions,
  say: (text: string) => void,
): Promise<void> {
  const { connection, giveBack } = await open(config);
  try {
    const { keyFile } = config;
    let key = '';
    const before = async (header: { key: string | null }) => {
      key = await settleKey(header.key, keyFile);
    };
    const { rows, jobs, header } = await loadBackup(connection, file, { replace, before });
    const count = Object.values(rows).reduce((sum, some) => sum + some, 0);
    say(
      `${count} rows of ${Object.keys(rows).length} tables and ${jobs} jobs, as of ${header.at}.`,
    );
    say(key);
  } finally {
    await giveBack();
  }
}

async function open({ dataDir, database }: Pick<Config, 'dataDir' | 'database'>) {
  if (database.kind === 'server')
    return { connection: { connectionString: database.url }, giveBack: async () => undefined };
  const { postgresBin, searchPath } = database;
  await mkdir(dataDir, { recursive: true });
  const embedded = await startEmbedded({ dataDir, postgresBin, searchPath });
  return { connection: embedded.connection, giveBack: () => embedded.stop() };
}

/** Answers what is to be said about it. */
async function settleKey(key: string | null, keyFile: string): Promise<string> {
  const there = (await readFile(keyFile, 'utf8').catch(() => null))?.trim() ?? null;
  if (key === null) {
    return there === null
      ? `The backup has no key: put the key file of the backed-up hub to ${keyFile} before you start the hub.`
      : `The backup has no key: the hub will say at its start whether ${keyFile} is the right one.`;
  }
  if (there !== null && there !== key) {
    throw new RingsideError('conflict', `${keyFile} is another key than the one in the backup.`, {
      fix: 'Move it away, or name another place with RINGSIDE_KEY_FILE.',
    });
  }
  if (there !== null) return `${keyFile} is the key of the backup.`;
  await mkdir(dirname(keyFile), { recursive: true });
  await writeFile(keyFile, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return `The key of the backup is in ${keyFile} now.`;
}
