import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { keepLoggingCalls } from '../../src/desk/call-log-keeper.ts';
import { keepMissedCalls } from '../../src/desk/missed-call-keeper.ts';
import { OutboxPump } from '../../src/desk/outbox-pump.ts';
import { settleCallers } from '../../src/desk/settle-callers.ts';
import { settleCases } from '../../src/desk/settle-cases.ts';
import { settleMissedCases } from '../../src/desk/settle-missed-cases.ts';
import { OpenCrms } from '../../src/directory/open-crms.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { createNotifier } from '../../src/platform/notifier.ts';
import { createSecretBox } from '../../src/platform/secret-box.ts';
import { impatient } from './impatient.ts';

/**
 * A process that delivers the outbox and writes calls down as a hub does, for tests that kill it:
 * `node outbox-process.ts '{"connection":…,"key":"hex"}'`. Begins at a line on standard input and says `begun`.
 */
const { connection, key } = JSON.parse(process.argv[2]!) as { connection: object; key: string };
const { db } = openDatabase({ connection, max: 6 });
const secretBox = createSecretBox(Buffer.from(key, 'hex'));
const crms = new OpenCrms({ db, secretBox, platforms: impatient(1000) });
const notifier = await createNotifier({ connection });
// Killed before its end, a process would leave nothing to start faster from.
flushCompileCache();
await once(process.stdin, 'data');
const onSettled = [settleCallers, settleCases, settleMissedCases];
const deps = { db, notifier, crms, log: createLog('debug'), onSettled };
keepLoggingCalls(deps);
keepMissedCalls(deps);
console.log(new OutboxPump(deps) instanceof OutboxPump ? 'begun' : '');
