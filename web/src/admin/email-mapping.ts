import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import type { EmailMatches } from '../../../src/organization/people-csv-contract.ts';
import type { CrmUserRef } from './edits.ts';

/** What mapping by e-mail address would do with the people who have no CRM user yet. */
export interface EmailMapping {
  mapped: { person: PersonRow; user: CrmUserRef }[];
  /** Who stays without one and why; clashes, which somebody must decide, first. */
  unmapped: { person: PersonRow; reason: string; clash: boolean }[];
  /** How many have a CRM user already. */
  already: number;
}

/** `draft` is the organization as it would be after Save: what was mapped and not saved yet counts. */
export function planEmailMapping(
  draft: OrganizationView,
  connection: { id: string; label: string },
  matches: EmailMatches,
): EmailMapping {
  const { id, label } = connection;
  const byPerson = new Map(matches.map(({ personId, users }) => [personId, users]));
  const holders = new Map(
    draft.people.flatMap((person) => {
      const user = person.crmUsers[id];
      return user == null ? [] : [[user.id, person.name] as const];
    }),
  );
  const plan: EmailMapping = { mapped: [], unmapped: [], already: 0 };
  for (const person of draft.people) {
    if (!person.active) continue;
    if (person.crmUsers[id] != null) {
      plan.already += 1;
      continue;
    }
    const users = byPerson.get(person.id) ?? [];
    const active = users.filter((user) => user.active);
    const free = active.filter((user) => !holders.has(user.id));
    const stays = (reason: string, clash: boolean) => plan.unmapped.push({ person, reason, clash });
    const [only] = free;
    const [taken] = active;
    if (only !== undefined && free.length === 1) plan.mapped.push({ person, user: only });
    else if (free.length > 1)
      stays(`${free.length} ${label} users have this address. Choose one in the row.`, true);
    else if (taken !== undefined)
      stays(`${taken.name} is mapped to ${holders.get(taken.id)} already.`, true);
    else if (users[0] !== undefined) stays(`${users[0].name} is not active in ${label}.`, true);
    else stays(`No ${label} user has this address.`, false);
  }
  plan.unmapped.sort((a, b) => Number(b.clash) - Number(a.clash));
  return plan;
}
