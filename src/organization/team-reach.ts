import type { Database } from '../platform/database/database.ts';
import { includesRole } from './plan.ts';
import { membersSeenBy, supervisesTeams, teamsOf } from './team-store.ts';
import type { TeamMember } from './team-store.ts';
import type { Viewer } from './viewer.ts';

export type TeamScope = 'mine' | 'team' | 'all';

/** Whose calls somebody may look at. */
export interface TeamReach {
  /** What they may ask for, the widest last. */
  scopes: TeamScope[];
  /** Of `team`: the members of their teams; of those they supervise, for a supervisor. */
  members: TeamMember[];
}

/**
 * Administrators see all calls, and so does a supervisor who supervises no team; one who does sees those teams. Agents see what the
 * members of their teams do, unless their organization withholds that.
 */
export async function teamReachOf(
  db: Database,
  organizationId: string,
  { id, role, mayNot }: Pick<Viewer, 'role' | 'mayNot'> & { id: string },
): Promise<TeamReach> {
  const supervises = role === 'supervisor' && (await supervisesTeams(db, organizationId, id));
  const all = includesRole(role, 'supervisor') && !supervises;
  const scopes: TeamScope[] = all
    ? ['mine', 'team', 'all']
    : mayNot.includes('team-calls')
      ? ['mine']
      : ['mine', 'team'];
  const members = scopes.includes('team')
    ? await membersSeenBy(db, organizationId, id, supervises ? 'supervisor' : 'member')
    : [];
  return { scopes, members };
}

/** The teams that somebody may look at, by name: all, those they supervise, or those they belong to. */
export async function teamsSeenBy(
  db: Database,
  viewer: Viewer,
): Promise<{ id: string; name: string }[]> {
  const { organizationId, personId: id } = viewer;
  const { scopes, members } = await teamReachOf(db, organizationId, { ...viewer, id });
  if (scopes.includes('all'))
    return (await teamsOf(db, organizationId)).map((team) => ({ id: team.id, name: team.name }));
  const teams = members.map(({ teamId, team }) => [teamId, { id: teamId, name: team }] as const);
  return [...new Map(teams).values()];
}
