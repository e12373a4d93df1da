import type { FieldError } from '../platform/errors.ts';
import { features, unlocks } from './features.ts';
import { includesRole } from './plan.ts';
import type { Plan, Role } from './plan.ts';

/** A named group of people. Somebody may be in several, and both a member and its supervisor. */
export interface Team {
  id: string;
  name: string;
  memberIds: string[];
  /** Who sees its members' calls. */
  supervisorIds: string[];
}

/** Teams that an organization has at most. */
export const teamsAtMost = 200;

/** Every reason why `after` must not replace `before`; `people` and `plan` are as they will be. Fields begin with `teams`. */
export function teamErrors(
  before: readonly Team[],
  after: readonly Team[],
  people: readonly { id: string; name: string; role: Role }[],
  plan: Plan | null,
): FieldError[] {
  const byId = new Map(people.map((person) => [person.id, person]));
  const seen = new Set<string>();
  const known = new Map(before.map((team) => [team.id, JSON.stringify(team)]));
  const errors: FieldError[] = after.flatMap((team, place) => {
    const { id, name, memberIds, supervisorIds } = team;
    const at = `teams.${place}`;
    const twice = seen.has(name.toLowerCase()) || seen.has(id);
    seen.add(name.toLowerCase()).add(id);
    // As it stands it may stay: a supervisor may have another role by now.
    if (known.get(id) === JSON.stringify(team)) return twice ? [twin(at, name)] : [];
    const strangers = [...memberIds, ...supervisorIds].filter((one) => !byId.has(one));
    const low = supervisorIds.flatMap((one) => byId.get(one) ?? []).filter(mayNotSupervise);
    return [
      ...(twice ? [twin(at, name)] : []),
      ...(strangers.length > 0
        ? [{ field: `${at}.memberIds`, message: 'Somebody in this team is not there any more.' }]
        : []),
      ...low.map((person) => ({
        field: `${at}.supervisorIds`,
        message: `${person.name} needs the role Supervisor to supervise a team: give it under CRM User Mappings.`,
      })),
    ];
  });
  const changed = after.some((team) => known.get(team.id) !== JSON.stringify(team));
  if (changed && !unlocks(plan, 'teams')) {
    const { title, plan: needed } = features.teams;
    const message = `${title}: this needs a seat of the ${needed} plan or a higher one. See Plans.`;
    errors.push({ field: 'teams', message });
  }
  return errors;
}

const twin = (at: string, name: string): FieldError => ({
  field: `${at}.name`,
  message: `There are two called ${name}.`,
});

const mayNotSupervise = ({ role }: { role: Role }): boolean => !includesRole(role, 'supervisor');
