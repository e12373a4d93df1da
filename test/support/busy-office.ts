import { randomUUID } from 'node:crypto';
import { orderWrite } from '../../src/desk/outbox-store.ts';
import { fillMirror, testCompany } from '../../src/desk/testing.ts';
import type { TestCompany } from '../../src/desk/testing.ts';
import { receiveEvents } from '../../src/calls/receive-events.ts';
import { createOrganization } from '../../src/organization/set-up.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { inOrganization } from '../../src/platform/database/scope.ts';
import type { Jobs } from '../../src/platform/jobs.ts';
import { silentLog } from '../../src/platform/log.ts';
import { silentNotifier } from '../../src/platform/notifier.testing.ts';

/** Two organizations with a bit of everything that a hub keeps, text with every awkward sign among it. */
export async function fillOffice(db: Database, jobs: Jobs): Promise<TestCompany> {
  const clock = systemClock;
  await createOrganization(
    { db, clock },
    {
      ...{ organizationName: 'Other \\ "Partners"', country: 'DE', timeZone: 'Europe/Berlin' },
      ...{ name: 'Ada', email: 'ada@other.example', password: 'correct horse battery' },
    },
  );
  const company = await testCompany(db);
  const { organizationId, connectionId, phoneSystemId } = company;
  await inOrganization(organizationId, async () => {
    await fillMirror(db, company, [
      { id: 'c1', name: 'Tab\tLine\nBack\\slash \\. Zoë 🙂', raw: '+49 30 7778881', cases: 3 },
      { id: 'c2', name: '\\.', raw: '030 7778882', cases: 0 },
    ]);
    const deps = { db, clock, log: silentLog, notifier: silentNotifier };
    const source = { organizationId, phoneSystemId };
    const at = new Date();
    await receiveEvents(deps, source, [
      {
        ...{ type: 'call-started', call: 'one', at, direction: 'inbound' },
        ...{ from: '+49307778881', to: '+49301234500', queue: null },
      },
      { type: 'leg-ringing', call: 'one', at, leg: 'l1', extension: '201' },
      { type: 'call-ended', call: 'one', at, cause: 'no-answer' },
    ]);
    await db.transaction().execute((trx) =>
      orderWrite(trx, {
        ...{ organizationId, connectionId, lane: randomUUID(), callId: null, personId: null },
        subject: 'A case',
        action: { kind: 'create-case', values: { shortDescription: 'It\nis\tbroken \\N' } },
      }),
    );
    await jobs.add(db, 'follow-numbers', { organizationId }, { queue: 'numbers', key: 'follow' });
  });
  return company;
}
