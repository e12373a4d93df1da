import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';

/**
 * People in the order of CRM User Mappings: first whose CRM user is gone or no longer active there, then who has none yet, inactive
 * people last, else by name.
 */
export function orderPeople(view: OrganizationView): PersonRow[] {
  const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
  const rank = (person: PersonRow) =>
    !person.active ? 3 : isLost(person) ? 0 : isUnmapped(person, view.connections) ? 1 : 2;
  return view.people.toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}

/** Is mapped to a CRM user who is gone or not active: this clashes with the CRM. */
export function isLost(person: PersonRow): boolean {
  return Object.values(person.crmUsers).some((user) => user !== null && !user.active);
}

/** Has no CRM user in any of the connections. */
function isUnmapped(person: PersonRow, connections: readonly { id: string }[]): boolean {
  return connections.length > 0 && connections.every(({ id }) => person.crmUsers[id] == null);
}

/** What the rows can be narrowed to beside a search, as the screen names it. */
export const peopleFilters = {
  all: 'Everybody',
  lost: 'CRM user gone or inactive',
  unmapped: 'Without a CRM user',
  'no-extension': 'Without an extension',
  'no-plan': 'Without a plan',
  invited: 'Invited, not yet come',
  agent: 'Agents',
  supervisor: 'Supervisors',
  administrator: 'Administrators',
} as const;
export type PeopleFilter = keyof typeof peopleFilters;

function passes(
  person: PersonRow,
  filter: PeopleFilter,
  connections: readonly { id: string }[],
): boolean {
  if (filter === 'all') return true;
  if (filter === 'lost') return isLost(person);
  if (filter === 'unmapped') return isUnmapped(person, connections);
  if (filter === 'no-extension') return person.extension === null;
  if (filter === 'no-plan') return person.plan === null;
  return filter === 'invited' ? person.invited : person.role === filter;
}

/** Whether every word of `search` is in the person's name, e-mail, extension, role or plan. */
export function matchesSearch(person: PersonRow, search: string): boolean {
  const { name, email, extension, role, plan } = person;
  const text = [name, email, extension, role, plan].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export interface Suggestion {
  id: string;
  name: string;
  email: string;
}

/** By person id: the CRM user with the same e-mail address, where the person has none and nobody has that one. */
export function openSuggestions(
  draft: OrganizationView,
  connectionId: string,
): ReadonlyMap<string, Suggestion> {
  const taken = new Set(draft.people.map((person) => person.crmUsers[connectionId]?.id));
  const open = draft.people.flatMap((person) => {
    const user = person.suggestions[connectionId];
    if (
      user == null ||
      !person.active ||
      person.crmUsers[connectionId] != null ||
      taken.has(user.id)
    )
      return [];
    return [[person.id, user] as const];
  });
  return new Map(open);
}

/**
 * The rows of CRM User Mappings as they would be after Save, in the order of what is saved and narrowed by it, so that rows neither jump
 * nor vanish while they are filled in. Somebody just deactivated stays until Save.
 */
export function visiblePeople(
  view: OrganizationView,
  draft: OrganizationView,
  options: { search: string; withInactive: boolean; filter?: PeopleFilter },
): PersonRow[] {
  const after = new Map(draft.people.map((person) => [person.id, person]));
  return orderPeople(view).flatMap((before) => {
    const person = after.get(before.id) ?? before;
    if (!options.withInactive && !person.active && !before.active) return [];
    if (!passes(before, options.filter ?? 'all', view.connections)) return [];
    return options.search === '' || matchesSearch(person, options.search) ? [person] : [];
  });
}
