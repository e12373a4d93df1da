import type { FieldError } from '../../../src/platform/errors.ts';
import type { OrganizationInput, OrganizationView } from '../../../src/organization/contract.ts';
import { applyEdits, plainValue } from './edits.ts';
import type { Edits } from './edits.ts';

/** Field errors by the path of the edit they belong to; '' for those that belong to none. */
export type ErrorsByPath = Readonly<Record<string, string>>;

/** The body of PUT /organization: only what was edited, people in a stable order. */
export function inputOf(view: OrganizationView, edits: Edits): OrganizationInput {
  const { version, name, country, timeZone } = applyEdits(view, edits);
  const paths = Object.entries(edits);
  const seats = paths
    .filter(([path]) => path.startsWith('seats.'))
    .map(([path, { after }]) => [path.slice('seats.'.length), after]);
  const handling = paths
    .filter(([path]) => path.startsWith('callHandling.'))
    .map(([path, { after }]) => [path.slice('callHandling.'.length), after]);
  const primary = edits['primaryConnectionId'];
  const factor = edits['secondFactorFor'];
  const mayNot = edits['agentsMayNot'];
  const masked = edits['numbersMaskedFor'];
  const teams = edits['teams'];
  return {
    version,
    name,
    country,
    timeZone,
    ...(seats.length > 0 && { seats: Object.fromEntries(seats) }),
    ...(primary !== undefined && {
      primaryConnectionId: plainValue(primary.after) as string | null,
    }),
    ...(factor !== undefined && { secondFactorFor: factor.after }),
    ...(mayNot !== undefined && { agentsMayNot: mayNot.after }),
    ...(teams !== undefined && { teams: teams.after }),
    ...(masked !== undefined && { numbersMaskedFor: masked.after }),
    ...(handling.length > 0 && { callHandling: Object.fromEntries(handling) }),
    people: editedPeople(edits).map((id) => personInput(edits, id)),
  } as OrganizationInput;
}

/** Ids of the people with edits, in the order in which {@link inputOf} sends them. */
export function editedPeople(edits: Edits): string[] {
  const ids = Object.keys(edits).map((path) =>
    path.startsWith('people.') ? path.split('.')[1] : undefined,
  );
  return [...new Set(ids.filter((id) => id !== undefined))].toSorted();
}

function personInput(edits: Edits, id: string): Record<string, unknown> {
  const person: Record<string, unknown> = { id };
  const crmUsers: Record<string, unknown> = {};
  for (const [path, { after }] of Object.entries(edits)) {
    const [head, personId, field = '', connectionId] = path.split('.');
    if (head !== 'people' || personId !== id) continue;
    if (connectionId === undefined) person[field] = plainValue(after);
    else crmUsers[connectionId] = plainValue(after);
  }
  return Object.keys(crmUsers).length > 0 ? { ...person, crmUsers } : person;
}

/** The server counts people by their place in what was sent; here they go by id. */
export function errorsByPath(errors: readonly FieldError[], edits: Edits): ErrorsByPath {
  const people = editedPeople(edits);
  return Object.fromEntries(
    errors.map(({ field, message }) => {
      const [head, index, ...rest] = field.split('.');
      const id = head === 'people' ? people[Number(index)] : undefined;
      return [id === undefined ? field : ['people', id, ...rest].join('.'), message];
    }),
  );
}
