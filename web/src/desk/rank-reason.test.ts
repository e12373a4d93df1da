import { expect, test } from 'vitest';
import type { Candidate, OpenCase } from '../../../src/desk/contract.ts';
import { rankReason } from './rank-reason.ts';
import { candidateOf } from './testing.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const openCase = (priorityRank: number): OpenCase => ({
  ...{ id: 'c', number: 'CS1', shortDescription: '', state: 'New', openedAt: null, link: null },
  ...{ priority: `${priorityRank} - some`, priorityRank },
});
const chosen = (at: string) => ({ lastChosen: { at, by: null } });
const cases = (...ranks: number[]) => ({
  openCases: ranks.map(openCase),
  openCaseCount: ranks.length,
});
const changed = (updatedAt: string | null) => ({
  reason: { ...candidateOf('x').reason, updatedAt },
});

test.each<[Partial<Candidate>, Partial<Candidate>, string]>([
  [chosen('2026-11-20T12:00:00Z'), {}, 'Ada was chosen for this number before'],
  [
    chosen('2026-11-20T12:00:00Z'),
    chosen('2026-11-01T12:00:00Z'),
    'Ada was chosen for this number more recently',
  ],
  [{}, { kind: 'customer', ...cases(1) }, 'companies come after people'],
  [{ kind: 'customer' }, { kind: 'user' }, 'ServiceNow users come after customers'],
  [cases(3, 4), cases(3), '1 open case, Ada has 2'],
  [cases(3), {}, 'no open cases, Ada has 1'],
  [cases(1), cases(3), 'its most urgent case is 3 - some, that of Ada 1 - some'],
  [{ openCaseCount: 1 }, { openCaseCount: 1 }, 'its open cases are no more urgent'],
  [
    changed('2026-11-22T12:00:00Z'),
    changed('2026-11-20T12:00:00Z'),
    'its record was changed longer ago (3 d ago)',
  ],
  [
    changed('2026-11-22T12:00:00Z'),
    changed(null),
    'ServiceNow does not say when the record was changed',
  ],
  [{}, {}, 'otherwise alike: by name'],
])('%j stands above %j: %s', (above, below, expected) => {
  expect(rankReason(candidateOf('Ada', above), candidateOf('Bo', below), now)).toBe(expected);
});
