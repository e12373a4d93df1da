import { connectionById, setConnectionState } from '../organization/connection-store.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { cutShort } from './run.ts';
import { finishRun, latestRun, runById } from './store.ts';
import type { StoredRun } from './store.ts';

/** The latest run of a connection for its administrator; see {@link showLatest}. Throws `not-found`. */
export async function showCheck(
  { db }: { db: Database },
  viewer: Viewer,
  connectionId: string,
): Promise<StoredRun | null> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const run = await showLatest(db, organizationId, connectionId);
  if (run === null && (await connectionById(db, organizationId, connectionId)) === null) {
    throw new RingsideError('not-found', 'There is no such connection.');
  }
  return run;
}

/** The latest run, null when there never was one. One whose hub died and with which none goes on is ended first. */
export async function showLatest(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<StoredRun | null> {
  const run = await latestRun(db, organizationId, connectionId);
  if (run === null || !run.dead) return run;
  const reason = 'The hub that conducted this check is gone. Start it again.';
  await db.transaction().execute(async (trx) => {
    const ended = await finishRun(trx, run, 'failed', cutShort(run, reason, 'failed'), true);
    if (ended) await setConnectionState(trx, organizationId, connectionId, 'failed', new Date());
  });
  return runById(db, run);
}
