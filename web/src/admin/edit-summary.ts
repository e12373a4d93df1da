import type { OrganizationView } from '../../../src/organization/contract.ts';
import { countryName } from '../ui/country-codes.ts';
import { counted } from '../ui/moment.ts';
import { editedPeople } from './edit-input.ts';
import { isCrmUser } from './edits.ts';
import type { Edits, EditValue } from './edits.ts';

const words: Record<string, string> = {
  name: 'name',
  country: 'country',
  timeZone: 'time zone',
  primaryConnectionId: 'primary connection',
  secondFactorFor: 'two-factor sign-in',
  agentsMayNot: 'user roles',
  teams: 'teams',
  numbersMaskedFor: 'who sees telephone numbers',
  'callHandling.wrapUp': 'wrap-up',
  'callHandling.caseTemplates': 'case templates',
  'callHandling.priorities': 'priority of calls',
  'callHandling.missedCalls': 'missed calls',
  'callHandling.openingHours': 'opening hours',
  'callHandling.logging': 'logging',
  'callHandling.retention': 'how long calls are kept',
};

/** People's fields that are named one by one; more of them are counted by person. */
const namedAtMost = 2;

/** What is unsaved, in a few words: `Selected Plan of Ada Berg, time zone`, or, of more, `3 people, time zone`. */
export function summaryOf(view: OrganizationView, edits: Edits): string {
  const paths = Object.keys(edits);
  const ofPeople = paths.filter((path) => path.startsWith('people.'));
  const people =
    ofPeople.length > namedAtMost
      ? [counted(editedPeople(edits).length, 'person', 'people')]
      : ofPeople.map((path) => pathLabel(view, path));
  const others = paths.flatMap((path) => words[path] ?? []);
  const seats = paths.some((path) => path.startsWith('seats.'));
  return [...people, ...others, ...(seats ? ['seats'] : [])].join(', ');
}

/** What a path is called on the screen: `Phone Extension of Ada Berg`. */
export function pathLabel(view: OrganizationView, path: string): string {
  const [head = '', id = '', field = '', connectionId = ''] = path.split('.');
  if (head === 'seats') return `Seats of ${id}`;
  if (head === 'teams') return teamLabel(view, Number(id), field);
  if (head === 'callHandling') return capitalized(words[`${head}.${id}`] ?? 'Call handling');
  if (head !== 'people') return capitalized(words[head] ?? path);
  const name = view.people.find((person) => person.id === id)?.name ?? 'somebody';
  return `${fieldLabel(view, field, connectionId)} of ${name}`;
}

/** By its name where it is saved under one. */
function teamLabel(view: OrganizationView, place: number, field: string): string {
  const name = view.teams[place]?.name ?? 'a team';
  if (field === 'memberIds') return `Members of ${name}`;
  return field === 'supervisorIds' ? `Supervisors of ${name}` : 'Teams';
}

/** A value in words. */
export function valueLabel(
  view: OrganizationView,
  path: string,
  value: EditValue | undefined,
): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (isCrmUser(value)) return value.name;
  if (typeof value === 'object') return 'other settings';
  if (typeof value === 'boolean') return value ? 'active' : 'inactive';
  if (path === 'country') return countryName(String(value));
  if (path === 'primaryConnectionId') {
    return view.connections.find((one) => one.id === value)?.title ?? 'a connection';
  }
  return String(value);
}

function fieldLabel(view: OrganizationView, field: string, connectionId: string): string {
  if (field === 'extension') return 'Phone Extension';
  if (field === 'role') return 'Role';
  if (field === 'plan') return 'Selected Plan';
  if (field === 'active') return 'Account';
  return `${view.connections.find((one) => one.id === connectionId)?.title ?? 'CRM'} user`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
