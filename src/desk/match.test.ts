import { describe, expect, test } from 'vitest';
import { callerNumber } from '../directory/phone-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { leftUnknown, matchOf } from './match.ts';
import type { LinkMaker } from './match.ts';

const caller = callerNumber('+49 30 901820', 'DE');
const link: LinkMaker = (connectionId, target) =>
  `https://${connectionId}.example/${target.kind}/${'id' in target ? target.id : ''}`;

function contact(id: string, change: Partial<MatchCandidate> = {}): MatchCandidate {
  const openCase = {
    id: 'k1',
    number: 'CS0001001',
    shortDescription: 'Printer on fire',
    state: 'Open',
    priority: '1 - Critical',
    priorityRank: 1,
    openedAt: new Date('2026-11-20T08:00:00Z'),
  };
  return {
    key: `contact:crm:${id}`,
    kind: 'contact',
    connectionId: 'crm',
    id,
    name: `Contact ${id}`,
    title: '',
    email: '',
    city: '',
    country: '',
    customer: { id: 'acme', name: 'Acme' },
    reason: {
      label: 'mobile phone',
      field: 'mobile_phone',
      raw: '(030) 90-1820',
      updatedAt: null,
      pending: null,
      text: 'mobile phone of …',
    },
    openCases: [openCase],
    openCaseCount: 1,
    lastChosen: null,
    provisional: false,
    ...change,
  };
}

describe('the match shown', () => {
  test('one candidate is chosen at once, with links to the record, the customer and each case', () => {
    const match = matchOf(caller, [contact('a')], null, link);
    expect(match).toMatchObject({ status: 'one', chosen: 'contact:crm:a', sharedCustomer: null });
    expect(match.candidates[0]).toMatchObject({
      link: 'https://crm.example/contact/a',
      customer: { name: 'Acme', link: 'https://crm.example/customer/acme' },
    });
    expect(match.candidates[0]?.openCases[0]).toMatchObject({
      link: 'https://crm.example/case/k1',
      openedAt: '2026-11-20T08:00:00.000Z',
    });
  });

  test('several wait to be chosen from, and tell the customer they share', () => {
    const company = contact('acme', {
      key: 'customer:crm:acme',
      kind: 'customer',
      name: 'Acme',
      customer: null,
    });
    const match = matchOf(caller, [contact('a'), contact('b'), company], null, link);
    expect(match).toMatchObject({
      status: 'several',
      chosen: null,
      sharedCustomer: { name: 'Acme', link: 'https://crm.example/customer/acme' },
    });
    const other = contact('c', { customer: { id: 'zeta', name: 'Zeta' } });
    expect(matchOf(caller, [contact('a'), other], null, link).sharedCustomer).toBeNull();
    const elsewhere = contact('e', { connectionId: 'crm2' });
    expect(matchOf(caller, [contact('a'), elsewhere], null, link).sharedCustomer).toBeNull();
    const nobodys = contact('d', { customer: null });
    expect(matchOf(caller, [nobodys, contact('a')], null, link).sharedCustomer).toBeNull();
  });

  test('a choice holds as long as the record has the number', () => {
    const found = [contact('a'), contact('b')];
    expect(matchOf(caller, found, 'contact:crm:b', link).chosen).toBe('contact:crm:b');
    expect(matchOf(caller, found, 'contact:crm:gone', link).chosen).toBeNull();
  });

  test('a caller who was left unknown is nobody, whoever has the number', () => {
    for (const found of [[contact('a')], [contact('a'), contact('b')]])
      expect(matchOf(caller, found, leftUnknown, link)).toMatchObject({
        chosen: null,
        leftUnknown: true,
      });
  });

  test('nobody, and a hidden number', () => {
    expect(matchOf(caller, [], null, link)).toEqual({
      status: 'none',
      chosen: null,
      leftUnknown: false,
      candidates: [],
      sharedCustomer: null,
    });
    expect(matchOf(callerNumber('anonymous', 'DE'), [], null, link).status).toBe('anonymous');
  });

  test('a crowd stays small: 50 candidates at most, cases for the first five and the chosen one', () => {
    const crowd = Array.from({ length: 60 }, (_, number) => contact(String(number)));
    const match = matchOf(caller, crowd, 'contact:crm:30', link);
    expect(match.candidates).toHaveLength(50);
    const withCases = match.candidates.filter((candidate) => candidate.openCases.length > 0);
    expect(withCases.map((candidate) => candidate.key.split(':')[2])).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '30',
    ]);
    expect(match.candidates[40]?.openCaseCount).toBe(1);
  });
});
