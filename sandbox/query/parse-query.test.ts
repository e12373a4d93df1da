import { describe, expect, test } from 'vitest';
import { parseQuery, parseTerm } from './parse-query.ts';

const compare = (field: string, operator: string, value: string) => ({
  kind: 'compare',
  field,
  operator,
  value,
});

test('a^b^ORc is a and (b or c)', () => {
  expect(parseQuery('active=true^state=1^ORstate=10').filters).toEqual([
    [[compare('active', '=', 'true')], [compare('state', '=', '1'), compare('state', '=', '10')]],
  ]);
});

test('^NQ begins another filter, and sorting applies to all of them', () => {
  const query = parseQuery(
    'sys_updated_on>=B^NQsys_updated_on=L^sys_id>S^ORDERBYsys_updated_on^ORDERBYDESCsys_id^EQ',
  );
  expect(query.filters).toHaveLength(2);
  expect(query.order).toEqual([
    { field: 'sys_updated_on', descending: false },
    { field: 'sys_id', descending: true },
  ]);
});

describe('operators', () => {
  test.each([
    ['subcategoryINdb2,sql server', 'subcategory', 'IN', 'db2,sql server'],
    ['nameNOT LIKEx', 'name', 'NOT LIKE', 'x'],
    ['stateNOT IN3,7', 'state', 'NOT IN', '3,7'],
    ['name!*x', 'name', '!*', 'x'],
    ['name*x', 'name', '*', 'x'],
    ['name%x', 'name', '%', 'x'],
    ['phoneISNOTEMPTY', 'phone', 'ISNOTEMPTY', ''],
    ['priority>=2', 'priority', '>=', '2'],
    ['name!=IN', 'name', '!=', 'IN'],
    ['company.stock_symbol=NYX', 'company.stock_symbol', '=', 'NYX'],
    [
      'opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()',
      'opened_at',
      'ON',
      'Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()',
    ],
    ['sys_class_nameINSTANCEOFtask', 'sys_class_name', 'INSTANCEOF', 'task'],
    ['locationIN_HIERARCHYabc', 'location', 'IN_HIERARCHY', 'abc'],
    ['opened_atBETWEENa@b', 'opened_at', 'BETWEEN', 'a@b'],
    ['closed_atGT_OR_EQUALS_FIELDopened_at', 'closed_at', 'GT_OR_EQUALS_FIELD', 'opened_at'],
    ['email=a=b', 'email', '=', 'a=b'],
  ])('%s', (term, field, operator, value) => {
    expect(parseTerm(term)).toEqual(compare(field, operator, value));
  });
});

test('what is no condition is kept apart, not taken for one', () => {
  expect(parseTerm('nonsense')).toEqual({ kind: 'unreadable', text: 'nonsense' });
});

test('related lists and joins', () => {
  const related = parseQuery(
    'RLQUERYsn_customerservice_case.contact,>=2^active=true^ENDRLQUERY^name=x',
  ).filters[0]?.[0]?.[0];
  expect(related).toMatchObject({
    kind: 'related',
    table: 'sn_customerservice_case',
    field: 'contact',
    operator: '>=',
    count: 2,
  });
  expect(
    parseTerm('JOINcustomer_contact.account=customer_account.sys_id!country=DE'),
  ).toMatchObject({
    kind: 'join',
    field: 'account',
    table: 'customer_account',
    otherField: 'sys_id',
  });
});
