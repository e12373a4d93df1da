import type { PersonField } from '../crm/port.ts';
import { choiceFields } from '../crm/record.ts';
import type { Choice, ChoiceField } from '../crm/record.ts';
import { crmPlatforms } from '../crm/registry.ts';
import { choiceListsOf } from '../directory/choice-store.ts';
import { findCrmUsers } from '../directory/crm-user-store.ts';
import { findCandidate } from '../directory/match-number.ts';
import { candidateKey } from '../directory/match.ts';
import type { Place } from '../directory/record-store.ts';
import type { OwnerKind } from '../directory/tables.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { findPlatform } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import type { ShownField } from './mend-contract.ts';
import type { WriteAction } from './outbox.ts';
import { fieldsOf } from './write-fields.ts';
import type { WriteField } from './write-fields.ts';

/** The words of the Desk's forms; what is not here is told by its own name. */
const labels: Record<string, string> = {
  shortDescription: 'Short description',
  resolutionCode: 'Resolution code',
  resolutionNotes: 'Resolution notes',
  contactId: 'Contact',
  consumerId: 'Consumer',
  customerId: 'Company',
  assignedToId: 'Assigned to',
  assignmentGroupId: 'Assignment group',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
};

const formOrder = [
  ...['firstName', 'lastName', 'name', 'email', 'title', 'phone', 'mobilePhone', 'homePhone'],
  ...['shortDescription', 'description', 'text', 'notes', 'state', 'priority', 'category'],
  ...['contactId', 'consumerId', 'customerId'],
];

const ownerKinds: Record<string, OwnerKind> = {
  contactId: 'contact',
  consumerId: 'consumer',
  customerId: 'customer',
};

/** What a write would put into the CRM, as the screen shows it: named as on the Desk's forms, choices and records by what people call them. */
export async function presentWriteFields(
  db: Database,
  place: Place,
  action: WriteAction,
): Promise<ShownField[]> {
  const fields = fieldsOf(action).toSorted(inFormOrder);
  if (action.kind === 'add-note') {
    const label = action.visibility === 'customer' ? 'Comment to the customer' : 'Work note';
    return fields.map((field) => ({ ...field, label, shown: null, choices: null }));
  }
  if (action.kind === 'log-call') {
    const named: Record<string, string> = { text: 'What happened', notes: 'Notes' };
    return fields.map((field) => ({
      ...{ ...field, label: named[field.name] ?? labelOf(field.name) },
      ...{ shown: null, choices: null },
    }));
  }
  const [lists, people] = await Promise.all([
    choiceListsOf(db, place),
    personFields(db, place, action.kind === 'update-contact' ? action.type : 'contact'),
  ]);
  const listOf = (name: string): Choice[] =>
    lists.find(({ field }) => field === choiceFieldOf(name))?.choices ?? [];
  return Promise.all(
    fields.map(async (field) => {
      const { name, value, editable } = field;
      const person = people.find((one) => one.name === name);
      const choices = listOf(name).map((choice) => ({ value: choice.value, label: choice.label }));
      const shown =
        choices.find((choice) => choice.value === value)?.label ??
        (await nameOfRecord(db, place, name, value));
      return {
        ...{ name, value, editable },
        label: person === undefined ? labelOf(name) : labelOf(person.label),
        shown: shown === '' ? null : shown,
        choices: editable && choices.length > 0 ? choices : null,
      };
    }),
  );
}

/** As on the Desk's forms, ids last; what is not there stands between them as it comes. */
function inFormOrder(a: WriteField, b: WriteField): number {
  const place = ({ name, editable }: WriteField) => {
    const found = formOrder.indexOf(name);
    return (editable ? 0 : 100) + (found === -1 ? formOrder.length : found);
  };
  return place(a) - place(b);
}

/** The choice list of a field; undefined for fields without one. */
function choiceFieldOf(name: string): ChoiceField | undefined {
  return choiceFields.find((field) => field === name || `${field}Id` === name);
}

function labelOf(name: string): string {
  const label = labels[name] ?? name;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** What the record is called whose id a field holds; null where that is not known here. */
async function nameOfRecord(
  db: Database,
  { organizationId, connectionId }: Place,
  field: string,
  id: string,
): Promise<string | null> {
  if (field === 'assignedToId') {
    const [user] = await findCrmUsers(db, organizationId, connectionId, { ids: [id] });
    return user === undefined ? null : user.name || user.userName;
  }
  const kind = ownerKinds[field];
  if (kind === undefined) return null;
  const found = await findCandidate(db, organizationId, candidateKey(kind, connectionId, id));
  return found?.name ?? null;
}

/** What the connection's platform calls the fields of people. */
async function personFields(
  db: Database,
  { organizationId, connectionId }: Place,
  type: 'contact' | 'consumer' | 'customer',
): Promise<readonly PersonField[]> {
  const connection = (await connectionsOf(db, organizationId)).find(
    ({ id }) => id === connectionId,
  );
  const platform =
    connection === undefined ? null : findPlatform(connection.platform, crmPlatforms);
  return platform?.people.fields[type] ?? [];
}
