import { expect, test } from 'vitest';
import type { MissedPart } from '../../../src/desk/missed-contract.ts';
import { partText } from './wording.ts';

const part = (change: Partial<MissedPart>): MissedPart => ({
  ...{ callId: '', kind: 'missed', at: '', queue: null, result: 'missed', people: [] },
  ...change,
});

test.each<[string, Partial<MissedPart>]>([
  ['Missed by Ada and Ben in Sales', { people: ['Ada', 'Ben'], queue: 'Sales' }],
  ['Missed by A, B, and 3 others', { people: ['A', 'B', 'C', 'D', 'E'] }],
  ['Reached nobody', {}],
  ['Hung up while waiting in Sales', { result: 'abandoned', queue: 'Sales', people: ['Ada'] }],
  ['Hung up while it rang at Ada', { result: 'abandoned', people: ['Ada'] }],
  ['Declined by Ada', { result: 'declined', people: ['Ada'] }],
  ['Found Ada busy', { result: 'busy', people: ['Ada'] }],
  ['Called back in vain by Ben', { kind: 'tried', people: ['Ben'] }],
])('%s', (text, change) => {
  expect(partText(part(change))).toBe(text);
});
