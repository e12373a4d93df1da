import { queuesOfOrganization, queuesOfPerson } from '../calls/queue-store.ts';
import { organizationUnlocks } from '../organization/organization-features.ts';
import { peopleOf } from '../organization/person-store.ts';
import { includesRole } from '../organization/plan.ts';
import { teamsSeenBy } from '../organization/team-reach.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { CallFilters } from './contract.ts';
import { requireHistory } from './list-calls.ts';
import type { ReportDeps } from './list-calls.ts';
import { scopesOf } from './reach.ts';

/** What the viewer can filter the history by. */
export async function filtersFor({ db, clock }: ReportDeps, viewer: Viewer): Promise<CallFilters> {
  requireHistory(viewer);
  const { organizationId, personId } = viewer;
  const { scopes, members } = await scopesOf(db, viewer);
  const all = scopes.includes('all');
  const supervises = includesRole(viewer.role, 'supervisor');
  const [queues, people, teams, hasTeams] = await Promise.all([
    all
      ? queuesOfOrganization(db, organizationId)
      : queuesOfPerson(db, organizationId, personId, clock.now()),
    supervises ? peopleOf(db, organizationId) : [],
    teamsSeenBy(db, viewer),
    organizationUnlocks(db, organizationId, 'teams'),
  ]);
  const seen = new Set([personId, ...members.map((member) => member.personId)]);
  return {
    ...{ scopes, queues },
    people: people
      .filter(({ id }) => all || seen.has(id))
      .map(({ id, name, extension }) => ({ id, name, extension })),
    teams: hasTeams ? teams : [],
    canExport: !viewer.mayNot.includes('export-history'),
  };
}
