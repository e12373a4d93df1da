import { planChange } from './organization-change.ts';
import type { SaveInput } from './organization-change.ts';
import type { Organization, SeatTotals } from './organization-store.ts';
import { importFields } from './people-csv-contract.ts';
import type { ImportField, ImportRow } from './people-csv-contract.ts';
import type { ReadRow } from './people-csv.ts';
import type { StoredPerson } from './person-store.ts';
import { includesRole } from './plan.ts';

export interface ImportPlan {
  rows: ImportRow[];
  created: StoredPerson[];
  /** As they will be. */
  changed: StoredPerson[];
  /** Active now and not any more. */
  deactivated: StoredPerson[];
}

interface Step {
  before: StoredPerson | null;
  after: StoredPerson;
}

const mends: Record<string, string> = {
  extension: 'Give one of them another extension.',
  plan: 'Give it another plan, or add seats under Plans and Save first.',
};

/**
 * Works out an import by the very rules of the Save: whoever is new stands in as if they were there and not active. People are known
 * by e-mail address, so that the same file a second time changes nothing.
 */
export function planImport(
  current: { people: StoredPerson[]; seats: SeatTotals; organization: Organization },
  read: readonly ReadRow[],
  options: { viewerId: string; newId(): string },
): ImportPlan {
  const byEmail = new Map(current.people.map((person) => [person.email, person]));
  const steps = new Map<ReadRow, Step>();
  const errors = new Map<ReadRow, ImportRow['errors']>(read.map((row) => [row, [...row.errors]]));
  for (const row of read) {
    if (row.wish === null) continue;
    const before = byEmail.get(row.wish.email) ?? null;
    if (before === null && row.wish.name === undefined) {
      const message = 'Nobody has this e-mail address yet, and the row has no name.';
      errors.get(row)!.push({ field: 'name', message, fix: 'Write the name of the new person.' });
      continue;
    }
    const after = { ...(before ?? newcomer(options.newId())), ...row.wish };
    const itself = before?.id === options.viewerId;
    if (itself && (!after.active || !includesRole(after.role, before.role))) {
      const field = after.active ? 'role' : 'active';
      const message = 'This is you: an import does not take your own rights away.';
      errors.get(row)!.push({ field, message, fix: 'Leave the row as it is, or take it out.' });
      continue;
    }
    steps.set(row, { before, after });
  }
  const planned = [...steps];
  const change = planChange(
    {
      people: [
        ...current.people,
        ...planned.flatMap(([, { before, after }]) =>
          before === null ? [{ ...after, active: false }] : [],
        ),
      ],
      mappings: [],
      seats: current.seats,
      connections: [],
    },
    inputOf(current.organization, planned),
    () => null,
  );
  for (const { field, message } of change.errors) {
    const [, index, name = ''] = /^people\.(\d+)\.(.*)$/.exec(field) ?? [];
    const row = index === undefined ? undefined : planned[Number(index)]?.[0];
    if (row !== undefined) errors.get(row)!.push({ field: name, message, fix: mends[name] ?? '' });
  }
  const rows = read.map((row) => present(row, steps.get(row), errors.get(row)!));
  const differing = planned.filter(
    ([, { before, after }]) => differences(before, after).length > 0,
  );
  return {
    rows,
    created: differing.flatMap(([, { before, after }]) => (before === null ? [after] : [])),
    changed: differing.flatMap(([, { before, after }]) => (before === null ? [] : [after])),
    deactivated: change.deactivated,
  };
}

function newcomer(id: string): StoredPerson {
  return {
    ...{ id, userId: null, name: '', email: '', role: 'agent' },
    ...{ plan: null, extension: null, active: true },
  };
}

function inputOf({ name, country, timeZone }: Organization, planned: [ReadRow, Step][]): SaveInput {
  const people = planned.map(([, { after }]) => {
    const { id, role, plan, extension, active } = after;
    return { id, role, plan, extension, active };
  });
  return { version: 0, name, country, timeZone, people };
}

function present(
  { row, email, name }: ReadRow,
  step: Step | undefined,
  errors: ImportRow['errors'],
): ImportRow {
  const changes = step === undefined ? [] : differences(step.before, step.after);
  const action =
    errors.length > 0 || step === undefined
      ? 'wrong'
      : step.before === null
        ? 'create'
        : changes.length > 0
          ? 'change'
          : 'same';
  const { name: called = name, email: address = email } = step?.after ?? {};
  return { row, email: address, name: called, action, changes, errors };
}

/** What changes, as words for people; '' for nothing. Of a new person all that is not empty. */
function differences(before: StoredPerson | null, after: StoredPerson): ImportRow['changes'] {
  return importFields.flatMap((field) => {
    const was = before === null ? '' : worded(before, field);
    const is = worded(after, field);
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

function worded(person: StoredPerson, field: ImportField): string {
  if (field === 'active') return person.active ? 'yes' : 'no';
  return person[field] ?? '';
}
