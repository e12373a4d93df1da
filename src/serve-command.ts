import { once } from 'node:events';
import { join } from 'node:path';
import { ensureWebApp } from './http/build-web.ts';
import { startHub } from './main.ts';
import type { Command } from './platform/command.ts';
import { settingsText } from './platform/config-table.ts';
import { loadConfig } from './platform/config.ts';
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
    const webFolder = await ensureWebApp({ root: join(import.meta.dirname, '..'), log });
    const hub = await startHub(config, { log, webFolder });
    process.stdout.write(`Ringside is ready: ${config.publicUrl ?? hub.url}\n`);
    await stopped;
    await hub.close();
    return 0;
  },
};
