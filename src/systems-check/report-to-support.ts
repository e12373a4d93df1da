import { arch, platform, release } from 'node:os';
import { latestTestCall } from '../desk/test-call-store.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { phoneSystemsOf } from '../organization/phone-system-store.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { presentHouseRun } from './present-house.ts';
import { askDatabase, latestHouseRun } from './house-store.ts';
import { presentRun } from './present.ts';
import { latestRun } from './store.ts';
import { presentTestCall } from './test-call.ts';
import { supportReport } from './support-report.ts';

/** The text that an administrator hands to whoever helps: how the latest checks went, without anything of customers or secrets. */
export async function reportToSupport(
  { db, clock, version }: { db: Database; clock: Clock; version: string },
  viewer: Viewer,
): Promise<string> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const [house, systems, connections, { version: database }, test] = await Promise.all([
    latestHouseRun(db, organizationId),
    phoneSystemsOf(db, organizationId),
    connectionsOf(db, organizationId),
    askDatabase(db),
    latestTestCall(db, organizationId),
  ]);
  const runs = await Promise.all(
    connections.map(async ({ id, platform: of, state }) => {
      const run = await latestRun(db, organizationId, id);
      return { platform: of, state, run: run === null ? null : presentRun(run) };
    }),
  );
  return supportReport({
    ...{ version, database, now: clock.now() },
    node: process.versions.node,
    os: `${platform()} ${release()} ${arch()}`,
    house: house === null ? null : presentHouseRun(house),
    connections: runs,
    testCall: test === null ? null : presentTestCall(test),
    phoneSystems: new Map(systems.map(({ id, kind }) => [id, kind])),
  });
}
