import { newId } from '../platform/id.ts';
import type { ApplyCurrent } from './apply-current.ts';
import type { ApplyFile } from './apply-file.ts';
import type { ApplyPlan } from './apply-plan.ts';
import { organizationPlan } from './organization-features.ts';
import { firstSeats } from './seats.ts';
import { teamErrors } from './team.ts';
import type { Team } from './team.ts';

/** Teams by the very rules of the Save, with e-mail addresses for ids: not everybody is there yet. */
export function planTeams(plan: ApplyPlan, current: ApplyCurrent | null, file: ApplyFile): void {
  if (file.teams.length === 0) return;
  const people = peopleAfter(current, file);
  const known = new Map(people.map((person) => [person.id, person]));
  const before = withEmails(current);
  const after = before.map((team) => ({ ...team }));
  const places = new Map<string, number>();
  for (const [at, { name, members, supervisors }] of file.teams.entries()) {
    for (const [list, emails] of Object.entries({ members, supervisors }))
      for (const [index, email] of (emails ?? []).entries())
        if (!known.has(email))
          plan.problems.push({
            field: `teams.${at}.${list}.${index}`,
            message: `Nobody has the address ${email}. Mend it, or add them under people.`,
          });
    const there = before.findIndex((team) => team.name.toLowerCase() === name.toLowerCase());
    const old = before[there];
    const wanted: Team = {
      ...{ id: old?.id ?? newId(), name },
      memberIds: distinct(members) ?? old?.memberIds ?? [],
      supervisorIds: distinct(supervisors) ?? old?.supervisorIds ?? [],
    };
    const differing = old === undefined ? [] : differences(old, wanted);
    if (old === undefined) plan.difference.push(`+ team ${name}: ${counts(wanted)}`);
    else if (differing.length > 0) plan.difference.push(`~ team ${name}: ${differing.join(', ')}`);
    // Two entries of one name clash as two teams would.
    const twice = old !== undefined && places.has(old.id);
    if (old === undefined || twice) after.push(twice ? { ...wanted, id: newId() } : wanted);
    else if (differing.length > 0) after[there] = wanted;
    places.set(twice ? after.at(-1)!.id : wanted.id, at);
    if (old === undefined || twice || differing.length > 0) plan.teams = after;
  }
  if (plan.teams === null) return;
  const strangers = plan.problems.some(({ field }) => field.startsWith('teams.'));
  const seats = { ...(current?.seats ?? firstSeats), ...file.organization.seats };
  for (const { field, message } of teamErrors(before, after, people, organizationPlan(seats))) {
    const [, index, part] = /^teams\.(\d+)\.(.*)$/.exec(field) ?? [];
    // They are named above, each at its place.
    if (part === 'memberIds' && strangers) continue;
    const at = index === undefined ? undefined : places.get(after[Number(index)]!.id);
    const entry =
      part === 'supervisorIds' ? 'supervisors' : part === 'memberIds' ? 'members' : part;
    plan.problems.push({ field: at === undefined ? 'teams' : `teams.${at}.${entry}`, message });
  }
}

/** Everybody as they will be, by e-mail address. Whoever is to be inactive and is not there is not made. */
function peopleAfter(current: ApplyCurrent | null, { people, organization }: ApplyFile) {
  const { administrator } = organization;
  const founder = administrator && { ...administrator, role: 'administrator' as const };
  const there = current?.people ?? (founder ? [founder] : []);
  const roles = new Map(there.map(({ email, name, role }) => [email, { name, role }]));
  for (const { email, name, role, active } of people) {
    const before = roles.get(email);
    if (before === undefined && active === false) continue;
    roles.set(email, { name: before?.name ?? name, role: role ?? before?.role ?? 'agent' });
  }
  return [...roles].map(([id, person]) => ({ id, ...person }));
}

function withEmails(current: ApplyCurrent | null): Team[] {
  const emails = new Map(current?.people.map(({ id, email }) => [id, email]));
  const emailsOf = (ids: string[]) => ids.map((id) => emails.get(id) ?? id).toSorted();
  return (current?.teams ?? []).map(({ id, name, memberIds, supervisorIds }) => ({
    ...{ id, name, memberIds: emailsOf(memberIds), supervisorIds: emailsOf(supervisorIds) },
  }));
}

const distinct = (emails: string[] | undefined): string[] | undefined =>
  emails && [...new Set(emails)].toSorted();

function differences(before: Team, after: Team): string[] {
  const lists = { members: 'memberIds', supervisors: 'supervisorIds' } as const;
  const moved = Object.entries(lists).flatMap(([title, key]) => {
    const joined = after[key].filter((email) => !before[key].includes(email));
    const left = before[key].filter((email) => !after[key].includes(email));
    const signs = [...joined.map((email) => `+${email}`), ...left.map((email) => `-${email}`)];
    return signs.length === 0 ? [] : [`${title} ${signs.join(' ')}`];
  });
  return before.name === after.name ? moved : [`name was ${before.name}`, ...moved];
}

const counts = ({ memberIds, supervisorIds }: Team): string =>
  [
    `${memberIds.length} ${memberIds.length === 1 ? 'member' : 'members'}`,
    `${supervisorIds.length} ${supervisorIds.length === 1 ? 'supervisor' : 'supervisors'}`,
  ].join(', ');
