import { expect, test } from 'vitest';
import { defaultCallHandling } from '../../../src/organization/call-handling.ts';
import { organizationInput } from '../../../src/organization/contract.ts';
import type { OrganizationView, PersonRow } from '../../../src/organization/contract.ts';
import { findErrors } from './edit-errors.ts';
import { editedPeople, errorsByPath, inputOf } from './edit-input.ts';
import { pathLabel, summaryOf } from './edit-summary.ts';
import { applyEdits, collisions, edit, noEdits, openEdits, rebase } from './edits.ts';
import type { Edits } from './edits.ts';

const ids = {
  ada: '019a0000-0000-7000-8000-00000000000a',
  bo: '019a0000-0000-7000-8000-00000000000b',
  crm: '019a0000-0000-7000-8000-0000000000c1',
  organization: '019a0000-0000-7000-8000-0000000000ff',
};
const crmAda = { id: 'u1', name: 'Ada Berg', email: 'ada@acme.example', active: true };

function person(id: string, name: string, extension: string | null): PersonRow {
  const email = `${name.toLowerCase()}@acme.example`;
  return {
    ...{ id, name, email, extension, role: 'agent', plan: 'Core', active: true, invited: false },
    ...{ mail: null, linkOpenedAt: null },
    secondFactor: false,
    ...{ crmUsers: { [ids.crm]: null }, suggestions: { [ids.crm]: null } },
  };
}

const view: OrganizationView = {
  ...{ id: ids.organization, version: 7, name: 'Acme', country: 'DE', timeZone: 'Europe/Berlin' },
  agentsMayNot: ['export-history'],
  numbersMaskedFor: 'nobody',
  teams: [],
  seats: [{ plan: 'Core', total: 2, used: 2 }],
  connections: [
    {
      ...{ id: ids.crm, platform: 'servicenow', title: 'ServiceNow', primary: true },
      ...{ account: null, settings: {}, storedSecrets: [], state: 'ok', lastCheckAt: null },
    },
  ],
  phoneSystems: [],
  people: [person(ids.ada, 'Ada', '101'), person(ids.bo, 'Bo', '102')],
  callHandling: defaultCallHandling,
  mail: false,
  seatsByOperator: false,
  secondFactorFor: 'nobody',
};

function edited(...changes: [path: string, value: Parameters<typeof edit>[3]][]): Edits {
  return changes.reduce((edits, [path, value]) => edit(edits, view, path, value), noEdits);
}

test('putting back what the server has leaves nothing unsaved', () => {
  const changed = edited(['name', 'Acme 2'], [`people.${ids.ada}.extension`, '105']);
  expect(
    edit(edit(changed, view, 'name', 'Acme'), view, `people.${ids.ada}.extension`, '101'),
  ).toEqual({});
});

test('a part of call handling is edited, sent and put back as a whole', () => {
  const wrapUp = { ...defaultCallHandling.wrapUp, seconds: 30 };
  const edits = edited(['callHandling.wrapUp', wrapUp]);
  expect(inputOf(view, edits).callHandling).toEqual({ wrapUp });
  expect(applyEdits(view, edits).callHandling.logging).toEqual(defaultCallHandling.logging);
  expect(summaryOf(view, edits)).toBe('wrap-up');
  expect(edit(edits, view, 'callHandling.wrapUp', { ...defaultCallHandling.wrapUp })).toEqual({});
  const unnamed = { ...wrapUp, codes: [{ id: ids.ada, label: ' ', active: true }] };
  const wrong = edited(['callHandling.wrapUp', unnamed]);
  expect(Object.keys(findErrors(applyEdits(view, wrong)))).toEqual([
    'callHandling.wrapUp.codes.0.label',
  ]);
});

test('only what was edited is sent, and the contract accepts it', () => {
  const edits = edited(
    [`people.${ids.bo}.crmUsers.${ids.crm}`, crmAda],
    [`people.${ids.ada}.plan`, null],
    ['seats.Core', 3],
    ['country', 'AT'],
    ['agentsMayNot', ['create-cases']],
    ['numbersMaskedFor', 'agents'],
  );
  const input = inputOf(view, edits);
  expect(input).toEqual({
    ...{ version: 7, name: 'Acme', country: 'AT', timeZone: 'Europe/Berlin', seats: { Core: 3 } },
    agentsMayNot: ['create-cases'],
    numbersMaskedFor: 'agents',
    people: [
      { id: ids.ada, plan: null },
      { id: ids.bo, crmUsers: { [ids.crm]: 'u1' } },
    ],
  });
  expect(organizationInput.safeParse(input).success).toBe(true);
});

test('the summary names people once and the rest by name', () => {
  const edits = edited(
    [`people.${ids.ada}.plan`, null],
    [`people.${ids.ada}.extension`, '9'],
    [`people.${ids.bo}.extension`, '8'],
    ['timeZone', 'UTC'],
    ['seats.Core', 3],
  );
  expect(summaryOf(view, edits)).toBe('2 people, time zone, seats');
  const few = edited([`people.${ids.ada}.plan`, null], [`people.${ids.bo}.extension`, '8']);
  expect(summaryOf(view, few)).toBe('Selected Plan of Ada, Phone Extension of Bo');
  expect(pathLabel(view, `people.${ids.bo}.crmUsers.${ids.crm}`)).toBe('ServiceNow user of Bo');
});

test('errors that count people by place are brought back to the person', () => {
  const edits = edited([`people.${ids.bo}.extension`, '101'], [`people.${ids.ada}.plan`, null]);
  expect(editedPeople(edits)).toEqual([ids.ada, ids.bo]);
  expect(errorsByPath([{ field: 'people.1.extension', message: 'Taken.' }], edits)).toEqual({
    [`people.${ids.bo}.extension`]: 'Taken.',
  });
  expect(errorsByPath([{ field: 'people.7.extension', message: 'Odd.' }], edits)).toEqual({
    'people.7.extension': 'Odd.',
  });
});

test('an extension given twice is named on both rows, and not for somebody inactive', () => {
  const twice = applyEdits(view, edited([`people.${ids.bo}.extension`, '101']));
  expect(findErrors(twice)).toEqual({
    [`people.${ids.ada}.extension`]: 'Bo has extension 101 too.',
    [`people.${ids.bo}.extension`]: 'Ada has extension 101 too.',
  });
  const away = edited([`people.${ids.bo}.extension`, '101'], [`people.${ids.ada}.active`, false]);
  expect(findErrors(applyEdits(view, away))).toEqual({});
});

test('wrong extensions, a CRM user given twice and missing seats are found', () => {
  const edits = edited(
    [`people.${ids.ada}.extension`, '10a'],
    [`people.${ids.ada}.crmUsers.${ids.crm}`, crmAda],
    [`people.${ids.bo}.crmUsers.${ids.crm}`, crmAda],
    ['seats.Core', 1],
    ['name', '  '],
  );
  expect(Object.keys(findErrors(applyEdits(view, edits))).toSorted()).toEqual(
    [
      'name',
      'seats.Core',
      `people.${ids.ada}.extension`,
      `people.${ids.ada}.crmUsers.${ids.crm}`,
      `people.${ids.bo}.crmUsers.${ids.crm}`,
    ].toSorted(),
  );
});

test('what somebody else saved in between is told, kept or overruled', () => {
  const edits = edited([`people.${ids.ada}.extension`, '105'], ['name', 'Acme 2']);
  const newer: OrganizationView = {
    ...view,
    version: 8,
    name: 'Acme 2',
    people: [person(ids.ada, 'Ada', '110'), person(ids.bo, 'Bo', '102')],
  };
  const path = `people.${ids.ada}.extension`;
  expect(Object.keys(openEdits(edits, newer))).toEqual([path]);
  expect(collisions(edits, newer)).toEqual([path]);
  expect(collisions(rebase(edits, newer, [path]), newer)).toEqual([]);
});

test('edits of a person or connection that is gone fall away', () => {
  const edits = edited(
    [`people.${ids.ada}.crmUsers.${ids.crm}`, crmAda],
    [`people.${ids.bo}.extension`, '7'],
  );
  const newer = { ...view, connections: [], people: view.people.slice(0, 1) };
  expect(openEdits(edits, newer)).toEqual({});
});
