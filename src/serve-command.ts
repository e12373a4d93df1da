import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureWebApp } from './http/build-web.ts';
import { openHubDatabase } from './hub-database.ts';
import type { Hub } from './main.ts';
import { makeBundle } from './make-bundle.ts';
import type { Command } from './platform/command.ts';
import { settingsText } from './platform/config-table.ts';
import type { Config } from './platform/config.ts';
import { loadConfig } from './platform/config.ts';
import type { Log } from './platform/log.ts';
import { createLog } from './platform/log.ts';
import { keepHeapSmall } from './platform/small-heap.ts';

/** `ringside serve`: the hub, until it is told to stop. */
export const command: Command = {
  name: 'serve',
  description:
    'Starts the hub. Its settings come from the environment; a wrong one stops the start and is named.',
  configure: (program) => program.addHelpText('after', () => `\n${settingsText()}`),
  async run() {
    keepHeapSmall();
    const config = loadConfig();
    const log = createLog(config.logLevel);
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    const hub = await start(config, log);
    process.stdout.write(`Ringside is ready: ${config.publicUrl ?? hub.url}\n`);
    makeBundle(log);
    await stopped;
    return stop(hub, config.stop, log);
  },
};

/** The database is started while the hub's code is loaded: each takes a second, and they are two processes. */
async function start(config: Config, log: Log): Promise<Hub> {
  const database = openHubDatabase(config, log);
  // Whether it failed is seen when the hub asks for it.
  database.catch(() => undefined);
  try {
    const root = join(import.meta.dirname, '..');
    const [{ startHub }, webFolder] = await Promise.all([
      import('./main.ts'),
      ensureWebApp({ root, log }),
    ]);
    return await startHub(config, { log, webFolder, database });
  } catch (error) {
    await database.then(({ close }) => close()).catch(() => undefined);
    throw error;
  }
}

/** A second signal, or the deadline, ends the process whatever is still going on. */
async function stop(hub: Hub, { drainSeconds, deadlineSeconds }: Config['stop'], log: Log) {
  log.info({ drainSeconds, deadlineSeconds }, 'stopping');
  const impatient = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const deadline = sleep((drainSeconds + deadlineSeconds) * 1000, 'late', { ref: false });
  const end = await Promise.race([
    hub.close().then(() => 'well' as const),
    impatient.then(() => 'told twice' as const),
    deadline,
  ]);
  if (end === 'well') {
    log.info('stopped');
    return 0;
  }
  log.warn({ why: end }, 'stopped with work under way; another node or the next start goes on');
  process.exit(1);
}
