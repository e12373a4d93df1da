import { expect, test } from 'vitest';
import type { RingsideError } from '../platform/errors.ts';
import type { PersonRow } from './contract.ts';
import { mostRows } from './people-csv-contract.ts';
import { peopleCsv, readPeople } from './people-csv.ts';

const refusal = (text: string): string => {
  try {
    readPeople(text);
  } catch (error) {
    return (error as RingsideError).fix ?? '';
  }
  return 'read';
};

const person: PersonRow = {
  ...{ id: 'p', name: '=cmd|’x’!A1', email: 'ada@acme.example', role: 'supervisor', plan: 'Core' },
  ...{ extension: '*21#', active: false, invited: false, secondFactor: false },
  ...{ mail: null, linkOpenedAt: null },
  crmUsers: { c: { id: 'u', name: 'Ada', email: 'ada@crm.example', active: true } },
  suggestions: { c: null },
};

test('what is exported can be read again; no cell is a formula', () => {
  const text = peopleCsv(
    [person],
    [{ id: 'c', title: 'ServiceNow' }],
    [
      { id: 'a', name: '=First', memberIds: ['p'], supervisorIds: [] },
      { id: 'b', name: 'Night; late', memberIds: ['q', 'p'], supervisorIds: ['p'] },
      { id: 'd', name: 'Others', memberIds: ['q'], supervisorIds: [] },
    ],
  );
  expect(text.split('\r\n')[1]).toBe(
    '"\'=cmd|’x’!A1",ada@acme.example,supervisor,Core,*21#,no,"\'=First | Night; late",Night; late,ada@crm.example',
  );
  const { rows, ignored } = readPeople(text);
  expect(ignored).toEqual(['CRM user (ServiceNow)']);
  const { name, email, role, plan, extension, active } = person;
  expect(rows).toEqual([
    {
      ...{ row: 2, email, name, errors: [], repeated: false },
      wish: {
        ...{ name, email, role, plan, extension, active },
        ...{ teams: ['=First', 'Night; late'], supervises: ['Night; late'] },
      },
    },
  ]);
});

test('takes other separators, titles and ways to say it, and leaves open what has no column', () => {
  const { rows } = readPeople(
    '\uFEFFSelected Plan;E-Mail address\r\nengage; ADA@acme.example \r\n;\r\nNone;bo@acme.example',
  );
  expect(rows.map(({ row, wish }) => [row, wish])).toEqual([
    [2, { email: 'ada@acme.example', plan: 'Engage' }],
    [4, { email: 'bo@acme.example', plan: null }],
  ]);
  const teams = readPeople('email;Team\na@b.example; Night |night||  Day late |\nc@b.example;');
  expect(teams.rows.map(({ wish }) => wish?.teams)).toEqual([['Night', 'Day late'], []]);
  const tabs = readPeople('email\tactive\trole\nada@acme.example\tTRUE\t');
  expect(tabs.rows[0]?.wish).toEqual({ email: 'ada@acme.example', active: true });
});

test('names each wrong field of a row with its mend', () => {
  const { rows } = readPeople(
    [
      'email,role,plan,extension,active',
      'nobody,king,Gold,12a,perhaps',
      'ada@acme.example,agent,,,,more',
      'bo@acme.example,,,,',
      'BO@acme.example,,,1 2,',
    ].join('\n'),
  );
  expect(rows.map(({ row, errors }) => [row, errors.map(({ field }) => field)])).toEqual([
    [2, ['email', 'role', 'plan', 'extension', 'active']],
    [3, ['row']],
    [4, []],
    [5, ['email', 'extension']],
  ]);
  expect(rows[0]?.errors[1]).toEqual({
    field: 'role',
    message: '‘king’ is no role.',
    fix: 'Write agent, supervisor or administrator.',
  });
  expect(rows[3]?.errors[0]?.message).toBe('Row 4 is about the same e-mail address.');
  expect(rows.filter(({ wish }) => wish === null).map(({ row }) => row)).toEqual([2, 3]);
  expect(rows.filter(({ repeated }) => repeated).map(({ row }) => row)).toEqual([5]);
});

test('refuses a file that cannot be read, and says why', () => {
  expect(refusal('name,role\nAda,agent')).toContain('no title E-mail');
  expect(refusal('constructor,__proto__\na,b')).toContain('no title E-mail');
  expect(refusal('email,mail\na@b.example,')).toContain('Two columns');
  expect(refusal('email\n\n ,')).toContain('no row');
  expect(refusal('email,name\na@b.example,"Ada\n')).toContain('quotation mark');
  const many = Array.from({ length: mostRows + 1 }, (_, at) => `p${at}@acme.example`);
  expect(refusal(['email', ...many].join('\n'))).toContain('Divide');
});
