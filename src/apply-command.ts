import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { crmPlatforms } from './crm/registry.ts';
import { peopleChannel } from './desk/channel.ts';
import { findCrmUsers } from './directory/crm-user-store.ts';
import { orderNumbers } from './directory/follow-numbers.ts';
import { readApplyFile } from './organization/apply-file.ts';
import { applyOrganization, wrongFile } from './organization/apply-organization.ts';
import type { Applied } from './organization/apply-organization.ts';
import { systemClock } from './platform/clock.ts';
import type { Command } from './platform/command.ts';
import { environmentVariable, loadConfig } from './platform/config.ts';
import type { Config } from './platform/config.ts';
import { borrowConnection } from './platform/database/borrow-database.ts';
import { openDatabase } from './platform/database/database.ts';
import type { Database } from './platform/database/database.ts';
import { startEmbedded } from './platform/database/embedded.ts';
import { keyInUse } from './platform/database/key-check.ts';
import { migrate } from './platform/database/migrate.ts';
import { RingsideError } from './platform/errors.ts';
import { createJobs, migrateJobs } from './platform/jobs.ts';
import { notify } from './platform/notifier.ts';
import { createSecretBox } from './platform/secret-box.ts';

interface ApplyCommandOptions {
  dryRun?: boolean;
  organization?: string;
}

/** `ringside apply`: an organization as a file says it, also beside a running hub. */
export const command: Command<ApplyCommandOptions> = {
  name: 'apply',
  description:
    'Make an organization, its connections, phone systems and people what a YAML file says. A second time it changes nothing; what it leaves out stays.',
  configure: (apply) =>
    apply
      .argument('<file>', 'YAML, see docs/operations.md; its secrets come from files or variables')
      .option('--dry-run', 'print the difference and change nothing')
      .option('--organization <name>', 'the one to change, when the file gives it another name')
      .addHelpText('after', '\nExit code: 0 well, 1 failed, 2 the file or the usage is wrong.'),
  async run(options, [file = '']) {
    const config = loadConfig();
    const applied = await apply(config, file, options);
    process.stdout.write(appliedText(config, applied, options.dryRun === true));
    return 0;
  },
};

/** Throws `invalid-input` naming everything that is wrong with the file. */
export async function apply(
  config: Pick<Config, 'dataDir' | 'database' | 'keyFile'>,
  path: string,
  { dryRun = false, organization }: ApplyCommandOptions,
): Promise<Applied> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RingsideError('invalid-input', `'${path}' cannot be read (${error.code}).`);
  });
  const { file, problems } = readApplyFile(text, dirname(resolve(path)), environmentVariable);
  if (file === null || problems.length > 0) throw wrongFile(problems);
  const { connection, giveBack } = await open(config);
  try {
    await migrate(connection);
    await migrateJobs(connection);
    const { db, pool, close } = openDatabase({ connection, max: 4 });
    try {
      const secretBox = createSecretBox(await keyInUse(db, config.keyFile));
      const jobs = createJobs({ pool });
      const deps = {
        ...{ db, secretBox, clock: systemClock, platforms: crmPlatforms },
        findCrmUsers: findCrmUsers.bind(null, db),
        peopleChanged: async (trx: Database, organizationId: string) => {
          await notify(trx, peopleChannel, { organizationId });
          await orderNumbers(jobs, trx, organizationId);
        },
      };
      return await applyOrganization(deps, file, { organization, dryRun });
    } finally {
      await close();
    }
  } finally {
    await giveBack();
  }
}

/** The embedded database of a new folder is made: a hub may be set up before its first start. */
async function open(config: Pick<Config, 'dataDir' | 'database'>) {
  const { dataDir, database } = config;
  try {
    return await borrowConnection(config);
  } catch (error) {
    const missing = error instanceof RingsideError && error.code === 'not-found';
    if (!missing || database.kind !== 'embedded') throw error;
    await mkdir(dataDir, { recursive: true });
    const { postgresBin, searchPath } = database;
    const embedded = await startEmbedded({ dataDir, postgresBin, searchPath });
    return { connection: embedded.connection, giveBack: () => embedded.stop() };
  }
}

function appliedText(
  { publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>,
  { difference, notes, links }: Applied,
  dryRun: boolean,
): string {
  const base = publicUrl ?? `http://${host}:${port}`;
  const lines = [
    ...(difference.length === 0 ? ['Nothing to change.'] : difference),
    ...notes.map((note) => `  ${note}`),
    ...links.map(({ what, path }) => `${what} (shown once): ${base}${path}`),
    ...(dryRun && difference.length > 0 ? ['Nothing was changed: --dry-run.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
