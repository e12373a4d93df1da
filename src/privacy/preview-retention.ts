import type { z } from 'zod';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { retentionInput, RetentionPreview } from './contract.ts';
import { daysBefore } from './forget-calls.ts';
import { countCalls, countJournaled, countNoted } from './retention-store.ts';

/** What the next night would delete if the organization kept its calls so long. Nothing is changed. For administrators. */
export async function previewRetention(
  { db, clock }: { db: Database; clock: Clock },
  viewer: Viewer,
  { calls, notes, events }: z.output<typeof retentionInput>,
): Promise<RetentionPreview> {
  requireRole(viewer, 'administrator');
  const now = clock.now();
  const { organizationId } = viewer;
  const of = (days: number) => ({ organizationId, before: daysBefore(now, days) });
  const after = calls === null ? null : daysBefore(now, calls);
  const found = calls === null ? { free: 0, held: 0 } : await countCalls(db, of(calls));
  return {
    calls: found.free,
    held: found.held,
    notes: notes === null ? 0 : await countNoted(db, of(notes), after),
    journals: events === null ? 0 : await countJournaled(db, of(events), after),
  };
}
