import { expect, test } from 'vitest';
import type { PriorityRule } from '../organization/call-priority.ts';
import { priorityOf, priorityRank } from './call-priority.ts';
import type { Match } from './contract.ts';

const rule = (change: Partial<PriorityRule>): PriorityRule => ({
  ...{ priority: 'high', when: 'queue', values: [], casePriority: 1 },
  ...change,
});
const call = { direction: 'inbound' as const, queue: 'Support', to: '030 555000' };
const nobody: Match = {
  ...{ status: 'none', chosen: null, candidates: [], leftUnknown: false, sharedCustomer: null },
};

function known(ranks: number[], company: string | null = 'Acme GmbH'): Match {
  const customer = company === null ? null : { name: company, link: null };
  const openCases = ranks.map((priorityRank) => ({ priorityRank }));
  const candidate = { key: 'contact:c:1', kind: 'contact', name: 'Ada', customer, openCases };
  return { ...nobody, status: 'one', chosen: candidate.key, candidates: [candidate] } as never;
}

const levelOf = (rules: PriorityRule[], match = nobody, change = {}) =>
  priorityOf(rules, { ...call, ...change }, match, 'DE');

test('the first rule that fits an incoming call counts, with its reason', () => {
  const rules = [
    rule({ priority: 'urgent', when: 'open-case', casePriority: 1 }),
    rule({ priority: 'high', when: 'company', values: ['acme gmbh'] }),
    rule({ priority: 'low', values: ['support'] }),
  ];
  expect(levelOf(rules, known([3, 1]))).toEqual({
    level: 'urgent',
    why: 'open case of priority 1',
  });
  expect(levelOf(rules, known([2]))).toEqual({ level: 'high', why: 'company Acme GmbH' });
  expect(levelOf(rules, known([], null))).toEqual({ level: 'low', why: 'queue Support' });
  expect(levelOf(rules, nobody, { queue: 'Sales' })).toBeNull();
  expect(levelOf(rules, known([1]), { direction: 'outbound' })).toBeNull();
  expect(levelOf([], known([1]))).toBeNull();
});

test('an open case of priority 1 or 2; nobody’s case while it is not known who calls', () => {
  const upToTwo = [rule({ when: 'open-case', casePriority: 2 })];
  expect(levelOf(upToTwo, known([2]))?.why).toBe('open case of priority 2');
  expect(levelOf(upToTwo, known([3, 99]))).toBeNull();
  const several = { ...known([1]), status: 'several' as const, chosen: null };
  expect(levelOf(upToTwo, several)).toBeNull();
  const shared = { ...several, sharedCustomer: { name: 'ACME GmbH', link: null } };
  expect(levelOf([rule({ when: 'company', values: ['Acme GmbH'] })], shared)?.level).toBe('high');
});

test('the number called in any notation, or an extension', () => {
  const rules = [rule({ when: 'number', values: ['+49 30 555 000', '700'] })];
  expect(levelOf(rules)?.why).toBe('number +49 30 555000');
  expect(levelOf(rules, nobody, { to: '0049-30-555000' })?.level).toBe('high');
  expect(levelOf(rules, nobody, { to: '700' })?.level).toBe('high');
  expect(levelOf(rules, nobody, { to: '030 555001' })).toBeNull();
  expect(levelOf(rules, nobody, { to: null })).toBeNull();
});

test('ranks begin with the most urgent', () => {
  expect((['urgent', 'high', undefined, 'low'] as const).map(priorityRank)).toEqual([0, 1, 2, 3]);
});
