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
  'callHandling.wrapUp': 'wrap-up',
  'callHandling.caseTemplates': 'case templates',
  'callHandling.priorities': 'priority of calls',
  'callHandling.missedCalls': 'missed calls',
  'callHandling.openingHours': 'opening hours',
  'callHandling.logging': 'logging',
  'callHandling.retention': 'how long calls are kept',
};

/** What is unsaved, in a few words: `2 people, time zone`. */
export function summaryOf(edits: Edits): string {
  const paths = Object.keys(edits);
  const people = editedPeople(edits).length;
  const others = paths.flatMap((path) => words[path] ?? []);
  const seats = paths.some((path) => path.startsWith('seats.'));
  return [
    ...(people > 0 ? [counted(people, 'person', 'people')] : []),
    ...others,
    ...(seats ? ['seats'] : []),
  ].join(', ');
}

/** What a path is called on the screen: `Phone Extension of Ada Berg`. */
export function pathLabel(view: OrganizationView, path: string): string {
  const [head = '', id = '', field = '', connectionId = ''] = path.split('.');
  if (head === 'seats') return `Seats of ${id}`;
  if (head === 'callHandling') return capitalized(words[`${head}.${id}`] ?? 'Call handling');
  if (head !== 'people') return capitalized(words[head] ?? path);
  const name = view.people.find((person) => person.id === id)?.name ?? 'somebody';
  return `${fieldLabel(view, field, connectionId)} of ${name}`;
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
