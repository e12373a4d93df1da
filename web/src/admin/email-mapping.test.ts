import { expect, test } from 'vitest';
import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import { planEmailMapping } from './email-mapping.ts';

const user = (id: string, active = true) => ({ id, name: `User ${id}`, email: '', active });

function person(id: string, mappedTo: string | null = null, active = true): PersonRow {
  return {
    ...{ id, name: `Person ${id}`, email: `${id}@acme.example`, role: 'agent', plan: null },
    ...{ extension: null, active, invited: false, secondFactor: false, suggestions: {} },
    ...{ mail: null, linkOpenedAt: null },
    crmUsers: { crm: mappedTo === null ? null : user(mappedTo) },
  };
}

test('maps who has one free, active user; says of everybody else why not, clashes first', () => {
  const draft = {
    people: [
      ...[person('a'), person('b'), person('c'), person('d'), person('e', 'u5'), person('f')],
      person('left', null, false),
    ],
  } as OrganizationView;
  const matches = [
    { personId: 'a', users: [] },
    { personId: 'b', users: [user('u1', false), user('u2')] },
    { personId: 'c', users: [user('u3'), user('u4')] },
    { personId: 'd', users: [user('u5')] },
    { personId: 'f', users: [user('u6', false)] },
    { personId: 'left', users: [user('u7')] },
  ];
  const plan = planEmailMapping(draft, { id: 'crm', label: 'ServiceNow' }, matches);
  expect(plan.mapped.map((one) => [one.person.id, one.user.id])).toEqual([['b', 'u2']]);
  expect(plan.already).toBe(1);
  expect(plan.unmapped.map((one) => [one.person.id, one.reason])).toEqual([
    ['c', '2 ServiceNow users have this address. Choose one in the row.'],
    ['d', 'User u5 is mapped to Person e already.'],
    ['f', 'User u6 is not active in ServiceNow.'],
    ['a', 'No ServiceNow user has this address.'],
  ]);
});
