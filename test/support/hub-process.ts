import { startHub } from '../../src/main.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLog } from '../../src/platform/log.ts';

/** A hub without pages as a process of its own, for tests that kill it: says its address once it listens. */
const config = loadConfig();
const hub = await startHub(config, { log: createLog(config.logLevel), webFolder: null });
console.log(hub.url);
