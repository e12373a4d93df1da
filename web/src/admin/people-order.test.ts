import { expect, test } from 'vitest';
import { defaultCallHandling } from '../../../src/organization/call-handling.ts';
import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import { matchesSearch, openSuggestions, visiblePeople } from './people-order.ts';
import type { PeopleFilter } from './people-order.ts';

const crm = 'crm';

function person(name: string, mapped: boolean, options: Partial<PersonRow> = {}): PersonRow {
  const user = { id: `u-${name}`, name, email: `${name}@acme.example` };
  return {
    ...{
      id: name,
      name,
      email: user.email,
      role: 'agent',
      plan: 'View',
      extension: null,
      active: true,
      invited: false,
      mail: null,
      linkOpenedAt: null,
      secondFactor: false,
    },
    crmUsers: { [crm]: mapped ? { ...user, active: true } : null },
    suggestions: { [crm]: mapped ? null : user },
    ...options,
  };
}

function organization(people: PersonRow[]): OrganizationView {
  const connection = {
    id: crm,
    platform: 'servicenow',
    title: 'ServiceNow',
    primary: true,
    settings: {},
  };
  return {
    ...{
      id: 'o',
      version: 1,
      name: 'Acme',
      country: 'DE',
      timeZone: 'UTC',
      seats: [],
      phoneSystems: [],
      mail: false,
      seatsByOperator: false,
      agentsMayNot: [],
      numbersMaskedFor: 'nobody',
      teams: [],
      secondFactorFor: 'nobody',
      callHandling: defaultCallHandling,
      people,
    },
    connections: [
      { ...connection, account: null, storedSecrets: [], state: 'ok', lastCheckAt: null },
    ],
  };
}

test('who is not mapped comes first, who left last', () => {
  const view = organization([
    person('Zoe', true),
    person('Bo', true),
    person('Ada', true, { active: false }),
    person('Yan', false),
  ]);
  const names = (withInactive: boolean) =>
    visiblePeople(view, view, { search: '', withInactive }).map(({ name }) => name);
  expect(names(true)).toEqual(['Yan', 'Bo', 'Zoe', 'Ada']);
  expect(names(false)).toEqual(['Yan', 'Bo', 'Zoe']);
});

test('who is mapped to a CRM user that is gone comes before all', () => {
  const gone = { id: 'u9', name: 'Unknown user u9', email: '', active: false };
  const view = organization([
    person('Bo', false),
    person('Zoe', true, { crmUsers: { [crm]: gone } }),
    person('Ada', true),
  ]);
  const rows = visiblePeople(view, view, { search: '', withInactive: false });
  expect(rows.map(({ name }) => name)).toEqual(['Zoe', 'Bo', 'Ada']);
});

test('rows keep their place while they are filled in, and stay when deactivated', () => {
  const view = organization([person('Bo', true), person('Yan', false)]);
  const draft = organization([person('Bo', true, { active: false }), person('Yan', true)]);
  const rows = visiblePeople(view, draft, { search: '', withInactive: false });
  expect(rows.map(({ name, active }) => [name, active])).toEqual([
    ['Yan', true],
    ['Bo', false],
  ]);
});

test('the list is narrowed by what is saved', () => {
  const people = [
    person('Ada', false, { extension: '101', role: 'supervisor' }),
    person('Bo', true, { plan: null }),
    person('Yan', false, { active: false, extension: null }),
  ];
  const view = organization(people);
  const draft = organization(people.map((one) => ({ ...one, plan: 'Core', extension: '1' })));
  const names = (filter: PeopleFilter, withInactive = false) =>
    visiblePeople(view, draft, { search: '', withInactive, filter }).map(({ name }) => name);
  expect(names('unmapped')).toEqual(['Ada']);
  expect(names('supervisor')).toEqual(['Ada']);
  expect(names('no-plan')).toContain('Bo');
  expect(names('no-extension', true)).toContain('Yan');
  expect(names('no-extension')).not.toContain('Yan');
});

test('a search needs every word somewhere', () => {
  const ada = person('Ada', false, { extension: '101', role: 'supervisor' });
  expect(matchesSearch(ada, 'SUPER 10')).toBe(true);
  expect(matchesSearch(ada, 'super 102')).toBe(false);
});

test('a suggestion ends once somebody has that CRM user', () => {
  const open = organization([person('Ada', false), person('Bo', false)]);
  expect([...openSuggestions(open, crm).keys()]).toEqual(['Ada', 'Bo']);
  const taken = organization([
    person('Ada', false),
    person('Bo', true, {
      crmUsers: { [crm]: { id: 'u-Ada', name: 'Ada', email: '', active: true } },
    }),
  ]);
  expect([...openSuggestions(taken, crm).keys()]).toEqual([]);
});
