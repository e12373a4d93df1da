import { requireFeature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { presentMissedCalls } from './list-missed-calls.ts';
import type { MissedListDeps } from './list-missed-calls.ts';
import { closeEntry, lockMissedCalls, reopenEntry, tellMissedCalls } from './missed-call-store.ts';
import type { MissedCall } from './missed-contract.ts';
import { entryById } from './missed-list-store.ts';
import type { StoredMissedCall } from './missed-list-store.ts';
import { missedReachOf } from './missed-reach.ts';

/**
 * Closes an entry by hand, or opens it again; doing it twice changes nothing more. Throws `plan-required`, `not-found` for what the viewer
 * may not see, `conflict` for one whose caller has an open entry of a later call.
 */
export async function setMissedCallClosed(
  deps: MissedListDeps,
  viewer: Viewer,
  id: string,
  closed: boolean,
): Promise<MissedCall> {
  requireFeature(viewer, 'missed-calls');
  const { db, clock } = deps;
  const { organizationId, personId } = viewer;
  const { reach } = await missedReachOf(deps, organizationId, { ...viewer, id: personId });
  const entry = await db.transaction().execute(async (trx): Promise<StoredMissedCall | null> => {
    await lockMissedCalls(trx, organizationId);
    const before = await entryById(trx, organizationId, reach, id);
    if (before === null || (before.closedAt !== null) === closed) return before;
    if (closed) {
      const closing = { at: clock.now(), reason: 'by-hand', personId } as const;
      await closeEntry(trx, organizationId, id, closing);
    } else if ((await reopenEntry(trx, organizationId, id)) === 'newer') throw calledAgain();
    await tellMissedCalls(trx, organizationId);
    return entryById(trx, organizationId, reach, id);
  });
  const [shown] = entry === null ? [] : await presentMissedCalls(db, organizationId, [entry]);
  if (shown !== undefined) return shown;
  throw new RingsideError('not-found', 'There is no such missed call.', {
    fix: 'Load the list again.',
  });
}

function calledAgain(): RingsideError {
  return new RingsideError('conflict', 'They called again since, and that call is open.', {
    fix: 'See to that one.',
  });
}
