import { queuesOfOrganization, queuesOfPerson } from '../calls/queue-store.ts';
import { peopleOf } from '../organization/person-store.ts';
import { includesRole } from '../organization/plan.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { CallFilters } from './contract.ts';
import { requireHistory } from './list-calls.ts';
import type { ReportDeps } from './list-calls.ts';
import { scopesOf } from './reach.ts';

/** What the viewer can filter the history by. */
export async function filtersFor({ db, clock }: ReportDeps, viewer: Viewer): Promise<CallFilters> {
  requireHistory(viewer);
  const { organizationId, personId } = viewer;
  const scopes = scopesOf(viewer);
  if (!includesRole(viewer.role, 'supervisor')) {
    const queues = await queuesOfPerson(db, organizationId, personId, clock.now());
    const canExport = !viewer.mayNot.includes('export-history');
    return { scopes, queues, people: [], canExport };
  }
  const [queues, people] = await Promise.all([
    queuesOfOrganization(db, organizationId),
    peopleOf(db, organizationId),
  ]);
  return {
    scopes,
    queues,
    people: people.map(({ id, name, extension }) => ({ id, name, extension })),
    canExport: true,
  };
}
