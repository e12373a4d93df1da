import type { Membership } from './membership.ts';
import type { ImportRow } from './people-csv-contract.ts';
import type { PersonWish, ReadRow } from './people-csv.ts';
import type { StoredPerson } from './person-store.ts';
import { includesRole } from './plan.ts';

/** What a row of an import does with one person. */
export interface ImportStep {
  /** Null: they are new. */
  before: StoredPerson | null;
  after: StoredPerson;
  was: Membership;
  will: Membership;
  /** Columns whose cell could not be read. */
  unread: ReadonlySet<string>;
}

/**
 * The step of a row, with what is wrong with it whatever the other rows say. A cell that could not be read takes nothing from
 * anybody, and rights that an import may not take are kept: so the step can be judged further.
 */
export function importStep(
  { wish, errors }: ReadRow & { wish: PersonWish },
  before: StoredPerson | null,
  options: { viewerId: string; newId(): string; membershipOf(personId: string): Membership },
): { step: ImportStep; faults: ImportRow['errors'] } {
  const { teams, supervises, ...facts } = wish;
  const base = before ?? newcomer(options.newId(), wish.email);
  const unread = new Set(errors.map(({ field }) => field));
  const after = { ...base, ...facts };
  if (unread.has('extension')) after.extension = null;
  if (unread.has('plan')) after.plan = null;
  const faults: ImportRow['errors'] = [];
  if (before === null && wish.name === undefined && !unread.has('name')) {
    const message = 'Nobody has this e-mail address yet, and the row has no name.';
    faults.push({ field: 'name', message, fix: 'Write the name of the new person.' });
  }
  if (before?.id === options.viewerId) {
    const taken = [
      ...(after.active ? [] : (['active'] as const)),
      ...(includesRole(after.role, before.role) ? [] : (['role'] as const)),
    ];
    for (const field of taken) {
      const message = 'This is you: an import does not take your own rights away.';
      faults.push({ field, message, fix: 'Leave the row as it is, or take it out.' });
    }
    if (taken.length > 0) Object.assign(after, { active: before.active, role: before.role });
  }
  const was = options.membershipOf(after.id);
  const will = { teams: teams ?? was.teams, supervises: supervises ?? was.supervises };
  return { step: { before, after, was, will, unread }, faults };
}

/** Called by their address until they have a name. */
function newcomer(id: string, email: string): StoredPerson {
  return {
    ...{ id, userId: null, name: email, email, role: 'agent' },
    ...{ plan: null, extension: null, active: true },
  };
}
