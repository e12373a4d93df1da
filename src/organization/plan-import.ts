import { features, unlocks } from './features.ts';
import { importStep } from './import-step.ts';
import type { ImportStep } from './import-step.ts';
import { membershipsOf, planMemberships } from './membership.ts';
import type { Membership } from './membership.ts';
import { planChange } from './organization-change.ts';
import type { SaveInput } from './organization-change.ts';
import type { Organization, SeatTotals } from './organization-store.ts';
import { organizationPlan } from './organization-features.ts';
import { importFields } from './people-csv-contract.ts';
import type { ImportField, ImportRow } from './people-csv-contract.ts';
import { teamNames } from './people-csv.ts';
import type { ReadRow } from './people-csv.ts';
import type { StoredPerson } from './person-store.ts';
import { includesRole } from './plan.ts';
import type { Plan } from './plan.ts';
import { teamsAtMost } from './team.ts';
import type { Team } from './team.ts';

export interface ImportPlan {
  rows: ImportRow[];
  created: StoredPerson[];
  /** As they will be. */
  changed: StoredPerson[];
  /** Active now and not any more. */
  deactivated: StoredPerson[];
  /** All of them as they will be; null: they stay. */
  teams: Team[] | null;
  /** Names of those that are made. */
  newTeams: string[];
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
  current: {
    people: StoredPerson[];
    seats: SeatTotals;
    organization: Organization;
    teams: Team[];
  },
  read: readonly ReadRow[],
  options: { viewerId: string; newId(): string },
): ImportPlan {
  const membershipOf = membershipsOf(current.teams);
  const byEmail = new Map(current.people.map((person) => [person.email, person]));
  const steps = new Map<ReadRow, ImportStep>();
  const errors = new Map<ReadRow, ImportRow['errors']>(read.map((row) => [row, [...row.errors]]));
  for (const row of read) {
    const { wish } = row;
    if (wish === null) continue;
    const before = byEmail.get(wish.email) ?? null;
    const { step, faults } = importStep({ ...row, wish }, before, { ...options, membershipOf });
    errors.get(row)!.push(...faults);
    // Against the others one row about a person is judged.
    if (!row.repeated) steps.set(row, step);
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
  const teams = planMemberships(
    current.teams,
    planned.map(([, { after, will }]) => ({ personId: after.id, ...will })),
    options.newId,
  );
  const names = membershipsOf(teams);
  for (const [row, step] of planned) {
    // As the team is called, however the file writes it.
    step.will = names(step.after.id);
    errors.get(row)!.push(...teamFaults(step, organizationPlan(current.seats), teams.length));
  }
  const rows = read.map((row) => present(row, steps.get(row), errors.get(row)!));
  const differing = planned.filter(([, step]) => differences(step).length > 0);
  return {
    rows,
    created: differing.flatMap(([, { before, after }]) => (before === null ? [after] : [])),
    changed: differing.flatMap(([, { before, after }]) => (before === null ? [] : [after])),
    deactivated: change.deactivated,
    teams: differing.some(([, { was, will }]) => teamsDiffer(was, will)) ? teams : null,
    newTeams: teams.slice(current.teams.length).map(({ name }) => name),
  };
}

function teamFaults({ after, was, will, unread }: ImportStep, plan: Plan | null, count: number) {
  const faults: ImportRow['errors'] = [];
  if (!teamsDiffer(was, will)) return faults;
  const field = teamNames(was.teams) === teamNames(will.teams) ? 'supervises' : 'teams';
  if (!unlocks(plan, 'teams')) {
    const message = `${features.teams.title}: this needs a seat of the ${features.teams.plan} plan or a higher one.`;
    faults.push({ field, message, fix: 'Add one under Plans, or take the column out.' });
  }
  if (count > teamsAtMost) {
    const message = `There would be ${count} teams; at most ${teamsAtMost} fit.`;
    faults.push({ field, message, fix: 'Name fewer teams.' });
  }
  const supervises = teamNames(was.supervises) !== teamNames(will.supervises);
  // Whoever's role cannot be read may well be a supervisor.
  const barred = !unread.has('role') && !includesRole(after.role, 'supervisor');
  if (supervises && will.supervises.length > 0 && barred) {
    const message = `${after.name} needs the role supervisor to supervise a team.`;
    const fix = 'Write supervisor as the role, or empty the cell Supervises.';
    faults.push({ field: 'supervises', message, fix });
  }
  return faults;
}

const teamsDiffer = (was: Membership, will: Membership): boolean =>
  teamNames(was.teams) !== teamNames(will.teams) ||
  teamNames(was.supervises) !== teamNames(will.supervises);

function inputOf(
  { name, country, timeZone }: Organization,
  planned: [ReadRow, ImportStep][],
): SaveInput {
  const people = planned.map(([, { after }]) => {
    const { id, role, plan, extension, active } = after;
    return { id, role, plan, extension, active };
  });
  return { version: 0, name, country, timeZone, people };
}

function present(
  { row, email, name }: ReadRow,
  step: ImportStep | undefined,
  errors: ImportRow['errors'],
): ImportRow {
  const changes = step === undefined || errors.length > 0 ? [] : differences(step);
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
function differences({ before, after, was, will }: ImportStep): ImportRow['changes'] {
  return importFields.flatMap((field) => {
    const old = before === null ? '' : worded(before, was, field);
    const is = worded(after, will, field);
    return old === is ? [] : [{ field, before: old, after: is }];
  });
}

function worded(person: StoredPerson, membership: Membership, field: ImportField): string {
  if (field === 'teams' || field === 'supervises') return teamNames(membership[field]);
  if (field === 'active') return person.active ? 'yes' : 'no';
  return person[field] ?? '';
}
