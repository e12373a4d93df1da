import { cleanText } from '../../platform/text.ts';
import type { Case, Choice, Contact, CrmUser, Customer, RawPhone } from '../record.ts';
import { displayValue, flag, rawValue, reference, text, time } from './row.ts';
import type { Row } from './row.ts';
import { csmConsumer, customerAccount, customerContact, sysUser } from './tables.ts';
import type { Table } from './tables.ts';

/*
 * Rows of ServiceNow as records of the port. All text is cleaned here, once: it comes from outside. A field that the
 * instance left out reads as empty.
 */

export function readUser(row: Row): CrmUser {
  return { type: 'user', userName: text(row, 'user_name'), ...person(row, sysUser) };
}

export function readCustomer(row: Row): Customer {
  return {
    type: 'customer',
    ...base(row),
    name: text(row, 'name'),
    number: text(row, 'number', 64),
    city: text(row, 'city', 100),
    country: text(row, 'country', 100),
    phones: phones(row, customerAccount),
  };
}

export function readContact(row: Row): Contact {
  return {
    type: 'contact',
    customerId: reference(row, 'account'),
    ...place(row),
    ...person(row, customerContact),
  };
}

/** Consumers belong to no account. */
export function readConsumer(row: Row): Contact {
  return { type: 'consumer', customerId: null, ...place(row), ...person(row, csmConsumer) };
}

export function readCase(row: Row): Case {
  return {
    type: 'case',
    ...base(row),
    number: text(row, 'number', 64),
    shortDescription: text(row, 'short_description', 500),
    state: choice(row, 'state'),
    priority: choice(row, 'priority'),
    open: isOpen(row),
    customerId: reference(row, 'account'),
    contactId: reference(row, 'contact'),
    consumerId: reference(row, 'consumer'),
    assignedToId: reference(row, 'assigned_to'),
    openedAt: time(row, 'opened_at'),
  };
}

/**
 * `active` decides, whatever numbers the instance gives its states. Where it is hidden, an empty closing time says open;
 * where that is hidden too the case counts as open, since a case too many is better than one too few.
 */
function isOpen(row: Row): boolean {
  return flag(row, 'active') ?? (rawValue(row, 'closed_at') ?? '') === '';
}

function choice(row: Row, field: string): Choice {
  return { value: text(row, field, 64), label: cleanText(displayValue(row, field), 100) };
}

function person(row: Row, table: Table) {
  return {
    ...base(row),
    name:
      text(row, 'name') ||
      [text(row, 'first_name', 100), text(row, 'last_name', 100)].filter(Boolean).join(' '),
    firstName: text(row, 'first_name', 100),
    lastName: text(row, 'last_name', 100),
    email: text(row, 'email', 254),
    title: text(row, 'title', 100),
    active: flag(row, 'active') ?? true,
    country: text(row, 'country', 100),
    phones: phones(row, table),
  };
}

function place(row: Row) {
  return { city: text(row, 'city', 100), language: text(row, 'preferred_language', 32) };
}

function base(row: Row) {
  const revision = revisionOf(row);
  return {
    id: text(row, 'sys_id', 64),
    updatedAt: time(row, 'sys_updated_on'),
    ...(revision === null ? {} : { revision }),
  };
}

/**
 * How often and when a row was written. The counter also moves where a script left the time alone; null where the
 * instance hides both.
 */
export function revisionOf(row: Row): string | null {
  const count = rawValue(row, 'sys_mod_count');
  const at = rawValue(row, 'sys_updated_on');
  return count === undefined && at === undefined ? null : `${count ?? ''}@${at ?? ''}`;
}

function phones(row: Row, table: Table): RawPhone[] {
  return table.phones.flatMap(({ field, label }) => {
    const raw = text(row, field, 100);
    return raw === '' ? [] : [{ field, label, raw }];
  });
}
