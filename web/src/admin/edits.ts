import type { CallHandling } from '../../../src/organization/call-handling.ts';
import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import type { Plan } from '../../../src/organization/plan.ts';

/**
 * What an administrator changed on Manage Organization and has not saved, by path: `name`, `country`, `timeZone`,
 * `primaryConnectionId`, `secondFactorFor`, `numbersMaskedFor`, `agentsMayNot` and `teams` as a whole, `seats.<plan>`, `people.<id>.role|plan|extension|active`, `people.<id>.crmUsers.<connection>`,
 * `callHandling.<part>` with the part as a whole.
 * Each edit remembers what it replaced, so that a newer state from the server can be told from the one edited.
 */
export type Edits = Readonly<Record<string, Edit>>;

export interface Edit {
  before: EditValue;
  after: EditValue;
}

export type CrmUserRef = NonNullable<PersonRow['crmUsers'][string]>;
type HandlingPart = CallHandling[keyof CallHandling];
export type EditValue =
  | string
  | number
  | boolean
  | null
  | CrmUserRef
  | HandlingPart
  | OrganizationView['agentsMayNot']
  | OrganizationView['teams'];

export const noEdits: Edits = {};

/** The value at a path as it is in `view`; undefined when it is not there (any more). */
export function valueAt(view: OrganizationView, path: string): EditValue | undefined {
  const [head, id = '', field, key = ''] = path.split('.');
  if (head === 'name' || head === 'country' || head === 'timeZone') return view[head];
  if (head === 'secondFactorFor' || head === 'agentsMayNot' || head === 'numbersMaskedFor')
    return view[head];
  if (head === 'teams') return view.teams;
  if (head === 'primaryConnectionId')
    return view.connections.find((one) => one.primary)?.id ?? null;
  if (head === 'seats') return view.seats.find((seat) => seat.plan === id)?.total;
  if (head === 'callHandling') return view.callHandling[id as keyof CallHandling];
  const person = view.people.find((one) => one.id === id);
  if (person === undefined) return undefined;
  if (field === 'crmUsers') {
    return view.connections.some((one) => one.id === key)
      ? (person.crmUsers[key] ?? null)
      : undefined;
  }
  if (field === 'role' || field === 'plan' || field === 'extension' || field === 'active')
    return person[field];
  return undefined;
}

export function sameValue(a: EditValue | undefined, b: EditValue | undefined): boolean {
  return comparable(a) === comparable(b);
}

/** What is sent: a CRM user by its id. */
export function plainValue(
  value: EditValue | undefined,
): Exclude<EditValue, CrmUserRef> | undefined {
  return isCrmUser(value) ? value.id : value;
}

export function isCrmUser(value: EditValue | undefined): value is CrmUserRef {
  return typeof value === 'object' && value !== null && 'email' in value;
}

function comparable(value: EditValue | undefined): unknown {
  const plain = plainValue(value);
  return typeof plain === 'object' && plain !== null ? JSON.stringify(plain) : plain;
}

/** Adds an edit; putting back what the server has takes it away again. */
export function edit(edits: Edits, view: OrganizationView, path: string, after: EditValue): Edits {
  const current = valueAt(view, path);
  if (current === undefined || sameValue(current, after)) return without(edits, [path]);
  return { ...edits, [path]: { before: current, after } };
}

export function without(edits: Edits, paths: readonly string[]): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([path]) => !paths.includes(path)));
}

/** Edits whose target is gone, or which the server has by now, need no Save. */
export function openEdits(edits: Edits, view: OrganizationView): Edits {
  return Object.fromEntries(
    Object.entries(edits).filter(([path, { after }]) => {
      const current = valueAt(view, path);
      return current !== undefined && !sameValue(current, after);
    }),
  );
}

/** Paths that somebody else changed since they were edited here. */
export function collisions(edits: Edits, view: OrganizationView): string[] {
  return Object.entries(openEdits(edits, view))
    .filter(([path, { before }]) => !sameValue(valueAt(view, path), before))
    .map(([path]) => path);
}

/** Lets an edit stand against what somebody else saved in between. */
export function rebase(edits: Edits, view: OrganizationView, paths: readonly string[]): Edits {
  return Object.fromEntries(
    Object.entries(edits).map(([path, one]) => {
      const before = valueAt(view, path);
      return [
        path,
        paths.includes(path) && before !== undefined ? { before, after: one.after } : one,
      ];
    }),
  );
}

/** The organization as it would be after Save. People without edits stay the same objects. */
export function applyEdits(view: OrganizationView, edits: Edits): OrganizationView {
  if (Object.keys(edits).length === 0) return view;
  const at = <T extends EditValue>(path: string, value: T): T => {
    const found = edits[path];
    return found === undefined ? value : (found.after as T);
  };
  const edited = new Set(Object.keys(edits).map((path) => path.split('.')[1]));
  const primary = at('primaryConnectionId', valueAt(view, 'primaryConnectionId') ?? null);
  return {
    ...view,
    name: at('name', view.name),
    country: at('country', view.country),
    timeZone: at('timeZone', view.timeZone),
    secondFactorFor: at('secondFactorFor', view.secondFactorFor),
    teams: at('teams', view.teams),
    agentsMayNot: at('agentsMayNot', view.agentsMayNot),
    numbersMaskedFor: at('numbersMaskedFor', view.numbersMaskedFor),
    seats: view.seats.map((seat) => ({ ...seat, total: at(`seats.${seat.plan}`, seat.total) })),
    connections: view.connections.map((one) => ({ ...one, primary: one.id === primary })),
    callHandling: applyToHandling(view.callHandling, at),
    people: view.people.map((person) =>
      edited.has(person.id) ? applyToPerson(person, view.connections, at) : person,
    ),
  };
}

function applyToHandling(
  handling: CallHandling,
  at: <T extends EditValue>(path: string, value: T) => T,
): CallHandling {
  return Object.fromEntries(
    Object.entries(handling).map(([part, value]) => [part, at(`callHandling.${part}`, value)]),
  ) as CallHandling;
}

function applyToPerson(
  person: PersonRow,
  connections: readonly { id: string }[],
  at: <T extends EditValue>(path: string, value: T) => T,
): PersonRow {
  const path = `people.${person.id}`;
  return {
    ...person,
    role: at(`${path}.role`, person.role),
    plan: at<Plan | null>(`${path}.plan`, person.plan),
    extension: at<string | null>(`${path}.extension`, person.extension),
    active: at<boolean>(`${path}.active`, person.active),
    crmUsers: Object.fromEntries(
      connections.map(({ id }) => [
        id,
        at<CrmUserRef | null>(`${path}.crmUsers.${id}`, person.crmUsers[id] ?? null),
      ]),
    ),
  };
}
