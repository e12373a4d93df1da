import { connectionById } from '../organization/connection-store.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { CheckRunner } from './check-runner.ts';
import { noFindings } from './run.ts';
import { showCheck } from './show-check.ts';
import { forgetOldRuns, insertRun, latestRun } from './store.ts';
import type { StoredRun } from './store.ts';

export interface CheckDeps {
  db: Database;
  runner: CheckRunner;
}

export const keptRuns = 20;

/**
 * Starts a run, or joins the one under way. Throws `not-found`, or `conflict` while the connection has no credential.
 */
export async function startCheck(
  { db, runner }: CheckDeps,
  viewer: Viewer,
  connectionId: string,
): Promise<{ run: StoredRun; joined: boolean }> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const connection = await connectionById(db, organizationId, connectionId);
  if (connection === null) throw new RingsideError('not-found', 'There is no such connection.');
  if (connection.state === 'new') {
    throw new RingsideError(
      'conflict',
      'This connection has no credential yet, so there is nothing to check.',
      {
        fix: "Open it in 'Connected Account and CRM Settings', fill in the form and Save.",
      },
    );
  }
  // Also ends a run with which no hub goes on, which would otherwise be joined for ever.
  await showCheck({ db }, viewer, connectionId);
  const id = newId();
  const key = {
    organizationId,
    id,
    connectionId,
    platform: connection.platform,
    startedBy: viewer.name,
  };
  const started = await insertRun(db, key, noFindings());
  const run = await latestRun(db, organizationId, connectionId);
  if (run === null) throw new RingsideError('not-found', 'There is no such connection.');
  if (started && run.id === id) {
    void runner.conduct(run);
    await forgetOldRuns(db, organizationId, connectionId, keptRuns);
  }
  return { run, joined: !started };
}
