import type { z } from 'zod';
import type { FieldError } from '../platform/errors.ts';
import type { organizationInput } from './contract.ts';
import type { Mapping } from './mapping-store.ts';
import type { SeatTotals } from './organization-store.ts';
import { administers } from './person-store.ts';
import type { StoredPerson } from './person-store.ts';
import { plans } from './plan.ts';
import { placeErrors } from './place.ts';
import { noSeatFree, seatsInUse, usedSeats } from './seats.ts';

export type SaveInput = z.output<typeof organizationInput>;

/** What a Save starts from. */
export interface Current {
  people: StoredPerson[];
  mappings: Mapping[];
  seats: SeatTotals;
  connections: { id: string; title: string }[];
}

export interface MappingChange {
  personId: string;
  connectionId: string;
  crmUserId: string | null;
}

/** What a Save will write, and every reason why it must not. */
export interface PlannedChange {
  errors: FieldError[];
  /** People as they will be; only those whose row changes. */
  people: StoredPerson[];
  mappings: MappingChange[];
  seats: SeatTotals;
  /** People who are active now and will not be. */
  deactivated: StoredPerson[];
}

type CrmUserName = (connectionId: string, crmUserId: string) => string | null;

/** The mappings in `input` that are new, whose CRM users must exist. */
export function mappingChanges(input: SaveInput, mappings: Mapping[]): MappingChange[] {
  const now = new Map(
    mappings.map((one) => [`${one.personId} ${one.connectionId}`, one.crmUserId]),
  );
  return input.people.flatMap(({ id: personId, crmUsers = {} }) =>
    Object.entries(crmUsers).flatMap(([connectionId, crmUserId]) =>
      (now.get(`${personId} ${connectionId}`) ?? null) === crmUserId
        ? []
        : [{ personId, connectionId, crmUserId }],
    ),
  );
}

/**
 * Works out a Save: people, seats and mappings as they will be, and what clashes, each with the field of `input` it belongs to.
 * `crmUserName` answers null for a CRM user that is not in the mirror.
 */
export function planChange(
  current: Current,
  input: SaveInput,
  crmUserName: CrmUserName,
): PlannedChange {
  const byId = new Map(current.people.map((person) => [person.id, person]));
  const changed = new Map<string, { index: number; before: StoredPerson; after: StoredPerson }>();
  const errors: FieldError[] = placeErrors(input);
  for (const [index, { id, role, plan, extension, active }] of input.people.entries()) {
    const before = byId.get(id);
    if (before === undefined || changed.has(id)) {
      const message =
        before === undefined ? 'There is no such person.' : 'This person is in the list twice.';
      errors.push({ field: `people.${index}.id`, message });
      continue;
    }
    const after: StoredPerson = {
      ...before,
      role: role ?? before.role,
      plan: plan === undefined ? before.plan : plan,
      extension: extension === undefined ? before.extension : extension,
      active: active ?? before.active,
    };
    changed.set(id, { index, before, after });
  }
  const people = current.people.map((person) => changed.get(person.id)?.after ?? person);
  const edits = [...changed.values()];
  const seats = { ...current.seats, ...input.seats };
  const mappings = mappingChanges(input, current.mappings);
  errors.push(
    ...extensionErrors(edits, people),
    ...seatErrors(edits, people, seats),
    ...administratorErrors(edits, people, current.people),
    ...connectionErrors(current, input),
    ...mappingErrors(current, input, mappings, crmUserName),
  );
  return {
    errors,
    people: edits
      .filter(({ before, after }) => rowDiffers(before, after))
      .map(({ after }) => after),
    mappings,
    seats,
    deactivated: edits
      .filter(({ before, after }) => before.active && !after.active)
      .map(({ after }) => after),
  };
}

type Edit = { index: number; before: StoredPerson; after: StoredPerson };

function rowDiffers(before: StoredPerson, after: StoredPerson): boolean {
  return (['role', 'plan', 'extension', 'active'] as const).some(
    (key) => before[key] !== after[key],
  );
}

function extensionErrors(edits: Edit[], people: StoredPerson[]): FieldError[] {
  const holders = Map.groupBy(
    people.filter(({ active }) => active),
    ({ extension }) => extension,
  );
  return edits.flatMap(({ index, after: { id, active, extension } }) => {
    if (!active || extension === null) return [];
    const other = holders.get(extension)?.find((one) => one.id !== id);
    if (other === undefined) return [];
    const message = `Extension ${extension} belongs to ${other.name}; one extension belongs to one person.`;
    return [{ field: `people.${index}.extension`, message }];
  });
}

/** Too few seats are the fault of those who take one now, the last first; else of the total that was lowered. */
function seatErrors(edits: Edit[], people: StoredPerson[], seats: SeatTotals): FieldError[] {
  const used = usedSeats(people);
  return plans.flatMap((plan) => {
    const missing = used[plan] - seats[plan];
    if (missing <= 0) return [];
    const takers = edits.filter(
      ({ before, after }) =>
        after.active && after.plan === plan && !(before.active && before.plan === plan),
    );
    const errors = takers.slice(-missing).map(({ index }) => ({
      field: `people.${index}.plan`,
      message: noSeatFree(plan, seats[plan]),
    }));
    if (takers.length < missing) {
      const needed = used[plan] - takers.length;
      const message = `${seatsInUse(plan, needed)}; the total cannot be ${seats[plan]}.`;
      errors.push({ field: `seats.${plan}`, message });
    }
    return errors;
  });
}

function administratorErrors(
  edits: Edit[],
  people: StoredPerson[],
  before: StoredPerson[],
): FieldError[] {
  if (people.some(administers) || !before.some(administers)) return [];
  const message = 'Somebody must remain administrator: make another person administrator first.';
  return edits
    .filter((edit) => administers(edit.before))
    .map(({ index, after }) => ({
      field: `people.${index}.${after.active ? 'role' : 'active'}`,
      message,
    }));
}

function connectionErrors(current: Current, input: SaveInput): FieldError[] {
  const { primaryConnectionId: id } = input;
  if (id === undefined || id === null || current.connections.some((one) => one.id === id))
    return [];
  return [{ field: 'primaryConnectionId', message: 'This connection is not there any more.' }];
}

function mappingErrors(
  current: Current,
  input: SaveInput,
  changes: MappingChange[],
  crmUserName: CrmUserName,
): FieldError[] {
  const names = new Map(current.people.map(({ id, name }) => [id, name]));
  const index = new Map(input.people.map(({ id }, at) => [id, at]));
  const overwritten = new Set(
    changes.map(({ personId, connectionId }) => `${personId} ${connectionId}`),
  );
  const kept = current.mappings.filter(
    (one) => !overwritten.has(`${one.personId} ${one.connectionId}`),
  );
  const key = (one: MappingChange): string => `${one.connectionId} ${one.crmUserId}`;
  const holders = Map.groupBy([...kept, ...changes], key);
  return changes.flatMap(({ personId, connectionId, crmUserId }) => {
    if (!names.has(personId)) return [];
    const field = `people.${index.get(personId)}.crmUsers.${connectionId}`;
    const connection = current.connections.find(({ id }) => id === connectionId);
    if (connection === undefined)
      return [{ field, message: 'This connection is not there any more.' }];
    if (crmUserId === null) return [];
    const name = crmUserName(connectionId, crmUserId);
    if (name === null) {
      const message = `This user was not found among the users pulled from ${connection.title}; run Systems Check to pull them again.`;
      return [{ field, message }];
    }
    const other = holders
      .get(key({ personId, connectionId, crmUserId }))
      ?.find((one) => one.personId !== personId);
    if (other === undefined) return [];
    const message = `${name} is mapped to ${names.get(other.personId) ?? 'somebody else'}; one ${connection.title} user belongs to one person.`;
    return [{ field, message }];
  });
}
