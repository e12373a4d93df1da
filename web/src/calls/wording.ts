import type { ListedCall } from '../../../src/reports/contract.ts';

const results: Record<NonNullable<ListedCall['result']>, string> = {
  answered: 'Answered',
  missed: 'Missed',
  abandoned: 'Caller hung up',
  busy: 'Busy',
  declined: 'Declined',
  failed: 'Did not get through',
  unknown: 'End not seen',
};
export const resultNames = Object.entries(results).map(([value, label]) => ({ value, label }));

export const directionNames = [
  { value: 'inbound', label: 'Inbound' },
  { value: 'outbound', label: 'Outbound' },
  { value: 'internal', label: 'Internal' },
];

export function resultName(result: NonNullable<ListedCall['result']>): string {
  return results[result];
}

export function resultText({ result, answeredAt }: ListedCall): string {
  if (result !== null) return results[result];
  return answeredAt === null ? 'Ringing' : 'Talking';
}

export function directionText({ direction }: Pick<ListedCall, 'direction'>): string {
  return directionNames.find(({ value }) => value === direction)?.label ?? '';
}

/** The other party by name or, of several with one company, that; else by number. */
export function partyText({ name, company, party, direction, dialled }: ListedCall): string {
  if (name !== '') return name;
  if (company !== '') return company;
  return party.display || (direction === 'outbound' ? dialled : '') || 'Unknown';
}

/** Whose calls a list shows. */
export const scopeNames = {
  mine: 'My calls',
  team: 'My calls, teams and queues',
  all: 'All calls',
};
