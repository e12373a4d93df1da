import { callerNumber } from '../directory/phone-number.ts';
import { matchNumber } from '../directory/match-number.ts';
import type { StoredCall } from '../calls/store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { FactsOf } from './organization-facts.ts';
import type { PersonDesk } from './person-desk.ts';
import { noteHops, testCallById } from './test-call-store.ts';

/**
 * A test call of the Systems Check as the Desk's hub hears of it: the number is looked up as for every call, and the browsers of the
 * person who started it are told, nobody else's. Notes when each was done. The CRM is not asked, and nothing is written down.
 */
export async function tellTestCall(
  { db, clock, factsOf }: { db: Database; clock: Clock; factsOf: FactsOf },
  { organizationId, testId, from, endedAt }: StoredCall,
  deskOf: (personId: string) => PersonDesk | undefined,
): Promise<void> {
  // That it ended concerns nobody.
  if (testId === null || endedAt !== null) return;
  const heardAt = clock.now().getTime();
  const key = { organizationId, id: testId };
  const test = await testCallById(db, key);
  if (test === null || test.finishedAt !== null) return;
  const after = (time: number) => Math.max(0, time - test.startedAt.getTime());
  const { country } = await factsOf(organizationId);
  const { length: found } = await matchNumber(
    db,
    organizationId,
    callerNumber(from ?? '', country),
  );
  const matched = after(clock.now().getTime());
  const desk = deskOf(test.personId);
  const streams = desk?.streams.size ?? 0;
  await desk?.afterwards(async () => desk.sendTest({ id: testId }));
  const streamed = streams === 0 ? null : after(clock.now().getTime());
  await noteHops(db, key, {
    ...{ committed: after(heardAt), matched, found, streamed },
    ...(streams === 0 ? {} : { streams }),
  });
}
