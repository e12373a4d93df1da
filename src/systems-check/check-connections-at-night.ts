import { connectionsOf } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { CheckRunner } from './check-runner.ts';
import { nightly } from './nightly.ts';
import { noFindings, wasRefused } from './run.ts';
import { showLatest } from './show-check.ts';
import { keptRuns } from './start-check.ts';
import { forgetOldRuns, insertRun, latestRun } from './store.ts';

/**
 * Makes the ten steps of every connection of an organization again, one after the other, and pulls nothing. A connection with a run under
 * way is left alone, and so is one whose user name and password were refused last time and not changed since: each night
 * more refused sign-ins would lock the user out.
 */
export async function checkConnectionsAtNight(
  { db, runner }: { db: Database; runner: CheckRunner },
  organizationId: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { id: connectionId, platform, state } of await connectionsOf(db, organizationId)) {
    if (signal.aborted) return;
    const last = await showLatest(db, organizationId, connectionId);
    if (state === 'new' || (state === 'failed' && last !== null && wasRefused(last))) continue;
    const key = { organizationId, id: newId() };
    const facts = { ...key, connectionId, platform, startedBy: nightly, byNight: true };
    if (!(await insertRun(db, facts, noFindings(true)))) continue;
    const run = await latestRun(db, organizationId, connectionId);
    if (run?.id === key.id) await runner.conduct(run);
    await forgetOldRuns(db, organizationId, connectionId, keptRuns);
  }
}
