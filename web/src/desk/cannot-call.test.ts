import { expect, test } from 'vitest';
import { telephoneLink, whyNoCalls } from './cannot-call.ts';

test.each([
  ['+49 30 123-45', 'tel:+493012345'],
  ['(030) 12/34', 'tel:0301234'],
  ['*97#', 'tel:*97%23'],
  ['javascript:alert(1)', null],
  ['+49 30 ••• 55', null],
  ['', null],
])('%s is linked as %s', (number, link) => {
  expect(telephoneLink(number)).toBe(link);
});

test('why no call can be placed is told once it is known, and which link is lost', () => {
  const live = { line: 'live' as const, canCall: false, phoneLinks: [] };
  expect(whyNoCalls({ ...live, canCall: true })).toBeNull();
  expect(whyNoCalls({ ...live, line: 'connecting' })).toBeNull();
  expect(whyNoCalls(live)).toContain('cannot be asked to place one');
  const lost = { ...live, phoneLinks: [{ name: 'Berlin', since: '' }] };
  expect(whyNoCalls(lost)).toContain('not connected with Berlin just now');
});
