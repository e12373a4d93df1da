import type { PeopleForm, PersonField } from '../port.ts';
import { csmConsumer, customerAccount, customerContact } from './tables.ts';
import type { Table } from './tables.ts';

/** Telephone fields of the base system hold 40 characters (product documentation, contact and consumer records). */
const phoneSize = 40;

const texts: PersonField[] = [
  { name: 'email', field: 'email', label: 'e-mail', size: 100, phone: false },
  { name: 'title', field: 'title', label: 'title', size: 60, phone: false },
];

/** What agents write of people and companies in ServiceNow. The base system's sizes; an instance may have changed them. */
export const people: PeopleForm = {
  fields: {
    contact: [...phonesOf(customerContact), ...texts],
    consumer: [...phonesOf(csmConsumer), ...texts],
    customer: phonesOf(customerAccount),
  },
  sizes: { firstName: 50, lastName: 50, customerName: 80 },
};

function phonesOf({ phones }: Table): PersonField[] {
  return phones.map(({ field, label }) => ({
    name: nameOf(field),
    field,
    label,
    size: phoneSize,
    phone: true,
  }));
}

function nameOf(field: string): 'phone' | 'mobilePhone' | 'homePhone' {
  if (field === 'mobile_phone') return 'mobilePhone';
  return field === 'home_phone' ? 'homePhone' : 'phone';
}
