import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { systemClock } from '../../src/platform/clock.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { createSecretBox } from '../../src/platform/secret-box.ts';
import { OpenCrms } from '../../src/directory/open-crms.ts';
import { progressOf } from '../../src/directory/pull-store.ts';
import { pullDirectory } from '../../src/directory/pull-directory.ts';
import { syncDirectory } from '../../src/directory/sync-directory.ts';

/**
 * A process that keeps one connection's mirror as a hub does, without pauses between its rounds, for tests that kill
 * it: `node mirror-process.ts '{"connection":…,"key":"hex","organizationId":…,"connectionId":…}'`. Begins at a line on
 * standard input, says `begun`, then a line for each round that ended.
 */
interface Order {
  connection: object;
  key: string;
  organizationId: string;
  connectionId: string;
}

const { connection, key, organizationId, connectionId } = JSON.parse(process.argv[2]!) as Order;
const { db } = openDatabase({ connection, max: 4, outside: '*' });
const crms = new OpenCrms({ db, secretBox: createSecretBox(Buffer.from(key, 'hex')) });
const checked = { organizationId, id: connectionId, state: 'ok', version: '1' } as const;
const crm = await crms.get(checked);
// Killed before its end, a process would leave nothing to start faster from.
flushCompileCache();
await once(process.stdin, 'data');
console.log('begun');
let first = true;
for (;;) {
  try {
    // The first pull is the Systems Check's; from then on rounds go on with what it left.
    if (first) await firstPull();
    first = false;
    await syncDirectory({ db, clock: systemClock, crm }, checked);
    console.log('round');
  } catch (error) {
    console.log(`failed: ${String(error)}`);
  }
}

async function firstPull(): Promise<void> {
  const begun = await progressOf(db, { organizationId, connectionId });
  if (begun.length === 0) await pullDirectory({ db, crm }, organizationId, connectionId);
}
