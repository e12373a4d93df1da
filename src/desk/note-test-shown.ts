import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { noteHops, testCallById } from './test-call-store.ts';

/** A browser of the viewer shows their test call. Throws `not-found` for the test of somebody else, and for one that is over. */
export async function noteTestShown(
  { db, clock }: { db: Database; clock: Clock },
  { organizationId, personId }: Viewer,
  id: string,
  browser: string,
): Promise<void> {
  const at = clock.now().getTime();
  const key = { organizationId, id };
  const test = await testCallById(db, key);
  if (test !== null && test.personId === personId && test.finishedAt === null) {
    const shown = Math.max(0, at - test.startedAt.getTime());
    if (await noteHops(db, key, { shown, shownIn: browser })) return;
  }
  throw new RingsideError('not-found', 'There is no such test call, or it is over.', {
    fix: 'Start another one in the Systems Check.',
  });
}
