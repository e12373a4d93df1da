import type { CrmPlatform } from '../crm/port.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { cleanText } from '../platform/text.ts';
import type { NewContact } from './caller-contract.ts';
import { faultOf } from './change-record.ts';

/** What an agent typed of a new contact, made harmless and found to fit. */
export interface CheckedContact {
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  /** Of a company to be made; null: none is to be made. */
  companyName: string | null;
}

/** Throws `invalid-input` with every field that is wrong. */
export function checkContact(
  input: NewContact,
  { fields, sizes }: CrmPlatform['people'],
): CheckedContact {
  const clean = (text: string): string => cleanText(text, 255);
  const checked: CheckedContact = {
    firstName: clean(input.firstName),
    lastName: clean(input.lastName),
    email: clean(input.email),
    title: clean(input.title),
    companyName:
      input.company !== null && 'name' in input.company ? clean(input.company.name) : null,
  };
  const errors: FieldError[] = [];
  const check = (field: string, value: string | null, most: number, missing: string | null) => {
    if (value === null) return;
    if (value === '' && missing !== null) errors.push({ field, message: missing });
    if (value.length > most)
      errors.push({
        field,
        message: `ServiceNow keeps ${most} characters of it; this has ${value.length}.`,
      });
  };
  check('firstName', checked.firstName, sizes.firstName, 'A contact needs a first name.');
  check('lastName', checked.lastName, sizes.lastName, 'A contact needs a last name.');
  check('company', checked.companyName, sizes.customerName, 'A company needs a name.');
  for (const column of fields.contact.filter(({ phone }) => !phone)) {
    const value = column.name === 'email' ? checked.email : checked.title;
    const message = faultOf(value, { ...column, home: '' });
    if (message !== null) errors.push({ field: column.name, message });
  }
  if (input.field !== null && !fields.contact.some(({ name }) => name === input.field))
    errors.push({ field: 'field', message: 'A contact has no such telephone field.' });
  const [first] = errors;
  if (first !== undefined)
    throw new RingsideError('invalid-input', first.message, { fields: errors });
  return checked;
}
