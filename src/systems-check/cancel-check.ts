import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import type { CheckDeps } from './start-check.ts';
import { requestCancel, runById } from './store.ts';

/** Stops a run, wherever it is conducted; nothing happens when it has ended already. Throws `not-found`. */
export async function cancelCheck(
  { db, runner }: CheckDeps,
  viewer: Viewer,
  connectionId: string,
  runId: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  const key = { organizationId: viewer.organizationId, id: runId };
  const run = await runById(db, key);
  if (run === null || run.connectionId !== connectionId) {
    throw new RingsideError('not-found', 'There is no such run of the Systems Check.');
  }
  if (await requestCancel(db, key)) runner.cancel(runId);
}
