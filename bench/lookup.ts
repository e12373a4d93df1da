import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchNumber } from '../src/directory/match-number.ts';
import { callerNumber } from '../src/directory/phone-number.ts';
import { pullDirectory } from '../src/directory/pull-directory.ts';
import { newPlace } from '../src/directory/testing.ts';
import { pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import type { Database } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { generatedCrm } from './generated-crm.ts';
import { percentiles, report } from './row.ts';

/**
 * How fast numbers are read, a directory is pulled and callers are found, on the embedded
 * PostgreSQL with the hub's own settings:
 *
 *     node bench/lookup.ts [contacts, 100000] [look-ups of each kind, 10000]
 *
 * The CRM is made of generated records, so that the pull measures nothing but us.
 */

const [size = 100_000, lookUps = 10_000] = process.argv.slice(2).map(Number);
const perSecond = (count: number, ms: number) => (count / ms) * 1_000;

const crm = generatedCrm(size);

function measureReading(): void {
  const count = 200_000;
  const texts = Array.from(
    { length: count },
    (_, index) => `030 ${String(10_000_000 + index * 37)}`,
  );
  let start = performance.now();
  for (const text of texts) callerNumber(text, 'DE');
  report({ what: 'numbers read, each new', rate: perSecond(count, performance.now() - start) });
  start = performance.now();
  for (let index = 0; index < count; index += 1) parsePhoneNumberFromString(texts[index]!, 'DE');
  const alone = perSecond(count, performance.now() - start);
  report({ what: 'the same by libphonenumber-js alone', rate: alone });
  start = performance.now();
  for (let index = 0; index < count; index += 1) callerNumber(texts[index % 1_000] ?? '', 'DE');
  report({ what: 'numbers read, seen before', rate: perSecond(count, performance.now() - start) });
}

async function measurePull(
  db: Database,
  place: { organizationId: string; connectionId: string },
  what: string,
) {
  const started = new Map<string, number>();
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId, {
    onProgress({ kind, status, done }) {
      if (!started.has(kind)) started.set(kind, performance.now());
      if (status === 'done' && done > 0)
        report({
          what: `${what}: ${done.toLocaleString('en')} ${kind}`,
          rate: perSecond(done, performance.now() - (started.get(kind) ?? 0)),
        });
    },
  });
}

async function measureLookups(
  db: Database,
  organizationId: string,
  what: string,
  number: (index: number) => string,
) {
  const count = lookUps;
  const find = (index: number) =>
    matchNumber(db, organizationId, callerNumber(number(index * 7_919), 'DE'));
  for (let index = 0; index < 500; index += 1) await find(index);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await find(index);
    times.push(performance.now() - start);
  }
  report({ what: `look-up, ${what}`, ...percentiles(times) });
  let next = 0;
  const start = performance.now();
  const worker = async () => {
    while (next < count) await find((next += 1));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  report({
    what: `look-up, ${what}, 8 at once`,
    rate: perSecond(count, performance.now() - start),
  });
}

const dataDir = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const server = await startEmbedded({ dataDir, searchPath: pathFolders() });
try {
  await migrate(server.connection);
  const { db, close } = openDatabase({ connection: server.connection, outside: '*' });
  const place = await newPlace(db);
  report({
    what: `directory of ${size.toLocaleString('en')} contacts`,
    note: `PostgreSQL ${server.version}`,
  });
  measureReading();
  await measurePull(db, place, 'first pull');
  report({
    what: 'memory of the hub after it',
    note: `${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
  });
  await measureLookups(db, place.organizationId, 'one contact', crm.ownNumber);
  await measureLookups(db, place.organizationId, 'a company and its people', crm.sharedNumber);
  await measureLookups(db, place.organizationId, 'nobody', (index) => `040 ${5_000_000 + index}`);
  await measurePull(db, place, 'second pull, nothing changed');
  await close();
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
