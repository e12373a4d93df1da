import type { Team } from './team.ts';

/** The teams that somebody is a member of, and those that they supervise, by name. */
export interface Membership {
  teams: string[];
  supervises: string[];
}

const lists = { teams: 'memberIds', supervises: 'supervisorIds' } as const;

/** Of each person by id; the names in the order of `teams`. */
export function membershipsOf(teams: readonly Team[]): (personId: string) => Membership {
  const found = new Map<string, Membership>();
  for (const team of teams)
    for (const list of ['teams', 'supervises'] as const)
      for (const id of team[lists[list]]) {
        const membership = found.get(id) ?? { teams: [], supervises: [] };
        membership[list].push(team.name);
        found.set(id, membership);
      }
  return (personId) => found.get(personId) ?? { teams: [], supervises: [] };
}

/**
 * The teams when each of these people is in those that are named for them and in no other; others stay where they are. A name that no team
 * has, in whatever case, makes one, behind those that are there.
 */
export function planMemberships(
  before: readonly Team[],
  wanted: readonly ({ personId: string } & Membership)[],
  newId: () => string,
): Team[] {
  const moved = new Set(wanted.map(({ personId }) => personId));
  const stay = (ids: string[]) => ids.filter((id) => !moved.has(id));
  const teams = before.map(({ memberIds, supervisorIds, ...team }) => ({
    ...team,
    ...{ memberIds: stay(memberIds), supervisorIds: stay(supervisorIds) },
  }));
  const byName = new Map(teams.map((team) => [team.name.toLowerCase(), team]));
  for (const person of wanted)
    for (const list of ['teams', 'supervises'] as const)
      for (const name of person[list]) {
        const there = byName.get(name.toLowerCase());
        const team = there ?? { id: newId(), name, memberIds: [], supervisorIds: [] };
        if (there === undefined) {
          teams.push(team);
          byName.set(name.toLowerCase(), team);
        }
        team[lists[list]].push(person.personId);
      }
  return teams;
}
