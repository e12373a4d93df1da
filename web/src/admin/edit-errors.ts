import { callHandling } from '../../../src/organization/call-handling.ts';
import { organizationInput, personInput } from '../../../src/organization/contract.ts';
import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import { teamErrors as faultsOfTeams } from '../../../src/organization/team.ts';
import { usedSeats } from '../../../src/organization/seats.ts';
import { counted } from '../ui/moment.ts';
import type { ErrorsByPath } from './edit-input.ts';

/** What Save would be refused for, found while typing: `view` is the organization as it would be after Save. */
export function findErrors(view: OrganizationView): ErrorsByPath {
  return Object.fromEntries([
    ...fieldErrors(view),
    ...extensionErrors(view.people),
    ...mappingErrors(view),
    ...seatErrors(view),
    ...handlingErrors(view),
    ...teamErrors(view),
  ]);
}

type Found = [path: string, message: string];

function fieldErrors(view: OrganizationView): Found[] {
  const { name, country, timeZone } = organizationInput.shape;
  const shapes = { name, country, timeZone };
  const own = Object.entries(shapes).flatMap(([path, shape]): Found[] => {
    const result = shape.safeParse(view[path as keyof typeof shapes]);
    return result.success ? [] : [[path, result.error.issues[0]?.message ?? 'This is not right.']];
  });
  const people = view.people.flatMap(({ id, extension }): Found[] => {
    const result = personInput.shape.extension.safeParse(extension);
    if (result.success) return [];
    return [
      [`people.${id}.extension`, result.error.issues[0]?.message ?? 'This is not an extension.'],
    ];
  });
  return [...own, ...people];
}

/** Two of one name, and none; the rest the server says. */
function teamErrors({ teams, people }: OrganizationView): Found[] {
  const unnamed = teams.flatMap(({ name }, place): Found[] =>
    name.trim() === '' ? [[`teams.${place}.name`, 'Give the team a name.']] : [],
  );
  const faults = faultsOfTeams(teams, teams, people, 'Enterprise');
  return [...faults.map(({ field, message }): Found => [field, message]), ...unnamed];
}

/** One extension belongs to one active person; both rows name the other. */
function extensionErrors(people: readonly PersonRow[]): Found[] {
  const active = people.filter((person) => person.active && person.extension !== null);
  const holders = Map.groupBy(active, (person) => person.extension);
  return [...holders.values()].flatMap((group) => {
    if (group.length < 2) return [];
    return group.map((person): Found => {
      const others = group.filter((one) => one !== person).map((one) => one.name);
      return [
        `people.${person.id}.extension`,
        `${others.join(', ')} ${others.length > 1 ? 'have' : 'has'} extension ${person.extension} too.`,
      ];
    });
  });
}

/** One CRM user belongs to one person. */
function mappingErrors(view: OrganizationView): Found[] {
  return view.connections.flatMap(({ id, title }) => {
    const mapped = view.people.filter((person) => person.crmUsers[id] != null);
    const holders = Map.groupBy(mapped, (person) => person.crmUsers[id]?.id);
    return [...holders.values()].flatMap((group) => {
      if (group.length < 2) return [];
      return group.map((person): Found => {
        const others = group.filter((one) => one !== person).map((one) => one.name);
        const message = `Mapped to ${others.join(', ')} too; one ${title} user belongs to one person.`;
        return [`people.${person.id}.crmUsers.${id}`, message];
      });
    });
  });
}

/** What the shape of the document refuses; what clashes within it the server tells. */
function handlingErrors({ callHandling: handling }: OrganizationView): Found[] {
  const result = callHandling.safeParse(handling);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }): Found => [
    ['callHandling', ...path].join('.'),
    message,
  ]);
}

function seatErrors(view: OrganizationView): Found[] {
  const used = usedSeats(view.people);
  return view.seats.flatMap(({ plan, total }): Found[] =>
    used[plan] > total
      ? [
          [
            `seats.${plan}`,
            `${counted(used[plan], 'person has', 'people have')} ${plan}, but there ${total === 1 ? 'is' : 'are'} ${counted(total, 'seat', 'seats')}. Add seats, or give somebody another plan.`,
          ],
        ]
      : [],
  );
}
