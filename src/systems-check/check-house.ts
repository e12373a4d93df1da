import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { waitingSteps } from './house-runner.ts';
import type { HouseRunner } from './house-runner.ts';
import { forgetHouseRuns, insertHouseRun, latestHouseRun } from './house-store.ts';
import type { StoredHouseRun } from './house-store.ts';
import type { RunKey } from './store.ts';

export interface CheckHouseDeps {
  db: Database;
  houseRunner: HouseRunner;
}

const keptRuns = 30;

/** Starts a check of the house, or joins the one under way. */
export async function checkHouse(
  { db, houseRunner }: CheckHouseDeps,
  viewer: Viewer,
): Promise<{ run: StoredHouseRun; joined: boolean }> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const { key, started } = await beginHouseRun(db, organizationId, viewer.name);
  const run = await latestHouseRun(db, organizationId);
  if (run === null)
    throw new RingsideError('conflict', 'The run was ended meanwhile; start it again.');
  if (started) void houseRunner.conduct(key);
  return { run, joined: !started };
}

/** The latest run, null when there never was one. */
export async function showHouse(
  { db }: { db: Database },
  viewer: Viewer,
): Promise<StoredHouseRun | null> {
  requireRole(viewer, 'administrator');
  return latestHouseRun(db, viewer.organizationId);
}

/** Writes down that a run begins; not `started` where one is under way. */
export async function beginHouseRun(
  db: Database,
  organizationId: string,
  startedBy: string,
): Promise<{ key: RunKey; started: boolean }> {
  await forgetHouseRuns(db, organizationId, keptRuns);
  const key = { organizationId, id: newId() };
  const started = await insertHouseRun(db, { ...key, startedBy }, waitingSteps());
  return { key, started };
}
