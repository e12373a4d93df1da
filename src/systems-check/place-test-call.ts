import { numberOfSomebody } from '../directory/number-store.ts';
import { phoneSystemsOf } from '../organization/phone-system-store.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import {
  forgetCallsOfTests,
  insertTestCall,
  latestTestCall,
  testCallById,
  tidyTestCalls,
} from '../desk/test-call-store.ts';
import type { StoredTestCall } from '../desk/test-call-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { lostAfterMs } from './test-call.ts';
import type { TestCaller } from './test-caller.ts';

export interface TestCallDeps {
  db: Database;
  clock: Clock;
  testCaller: TestCaller;
}

const keptTests = 20;

/** A number that nobody has: North America keeps it for stories. */
const numberOfNobody = '+12025550123';

/**
 * Places a test call as if this phone system had told of it, or joins the viewer's own that is under way. Throws `not-found` where
 * the organization has no such phone system.
 */
export async function placeTestCall(
  { db, clock, testCaller }: TestCallDeps,
  viewer: Viewer,
  phoneSystemId: string,
): Promise<{ test: StoredTestCall; joined: boolean }> {
  requireRole(viewer, 'administrator');
  const { organizationId, personId } = viewer;
  const systems = await phoneSystemsOf(db, organizationId);
  if (!systems.some(({ id }) => id === phoneSystemId))
    throw new RingsideError('not-found', 'There is no such phone system.');
  await tidyTests({ db, clock }, organizationId);
  const known = await numberOfSomebody(db, organizationId);
  const key = { organizationId, id: newId() };
  const started = await insertTestCall(db, {
    ...{ ...key, personId, phoneSystemId, numberKnown: known !== null },
    ...{ startedBy: viewer.name, startedAt: clock.now() },
  });
  const test = started
    ? await testCallById(db, key)
    : await latestTestCall(db, organizationId, personId);
  if (test === null)
    throw new RingsideError('conflict', 'The test ended meanwhile; start it again.');
  if (started) void testCaller.call(test, known ?? numberOfNobody);
  return { test, joined: !started };
}

/** The viewer's latest, null when there never was one. */
export async function showTestCall(
  { db, clock }: Pick<TestCallDeps, 'db' | 'clock'>,
  viewer: Viewer,
): Promise<StoredTestCall | null> {
  requireRole(viewer, 'administrator');
  const { organizationId, personId } = viewer;
  const test = await latestTestCall(db, organizationId, personId);
  const goesOn = test !== null && test.finishedAt === null;
  if (!goesOn || clock.now().getTime() - test.startedAt.getTime() < lostAfterMs) return test;
  await tidyTests({ db, clock }, organizationId);
  return latestTestCall(db, organizationId, personId);
}

/** Ends what lost its hub, and deletes what that left among the calls. */
export async function tidyTests(
  { db, clock }: { db: Database; clock: Clock },
  organizationId: string,
): Promise<void> {
  const lost = new Date(clock.now().getTime() - lostAfterMs);
  const fault = 'The hub that placed the test call was stopped meanwhile. Start it again.';
  await tidyTestCalls(db, organizationId, { lost, fault, keep: keptTests });
  await forgetCallsOfTests(db, organizationId, { lost });
}
