import type { MissedCall, MissedPart } from '../../../src/desk/missed-contract.ts';

/** How the list of missed calls says who called and what became of it. */

/** The caller by name or, of several with one company, that; else by number. */
export function callerText({ name, company, caller }: MissedCall): string {
  if (name !== '' || company !== '') return name || company;
  return caller.anonymous ? 'Withheld number' : caller.display || 'Unknown number';
}

/** 'Missed by Ada Berg and Ben Cole', 'Hung up while waiting in Sales'; of a call back who tried. */
export function partText({ kind, queue, result, people }: MissedPart): string {
  const whom = namesText(people);
  if (kind === 'tried')
    return whom === '' ? 'Called back in vain' : `Called back in vain by ${whom}`;
  const inQueue = queue === null ? '' : ` in ${queue}`;
  if (result === 'abandoned') {
    if (queue !== null) return `Hung up while waiting${inQueue}`;
    return whom === '' ? 'Hung up before anybody was rung' : `Hung up while it rang at ${whom}`;
  }
  if (result === 'busy') return `Found ${whom || 'everybody'} busy${inQueue}`;
  if (whom === '') return `Reached nobody${inQueue}`;
  return `${result === 'declined' ? 'Declined' : 'Missed'} by ${whom}${inQueue}`;
}

const shown = 3;
const list = new Intl.ListFormat('en', { type: 'conjunction' });

function namesText(names: readonly string[]): string {
  if (names.length <= shown) return list.format(names);
  return list.format([...names.slice(0, shown - 1), `${names.length - shown + 1} others`]);
}

const reasons = {
  'called-back': 'Called back',
  'got-through': 'Got through',
  'by-hand': 'Closed by hand',
} as const;

/** 'Called back by Ada Berg'; '' for one that is open. */
export function closedText({ closed }: MissedCall): string {
  if (closed === null) return '';
  const { reason, by } = closed;
  if (by === null) return reasons[reason];
  return reason === 'got-through'
    ? `${reasons[reason]} to ${by}`
    : `${reason === 'by-hand' ? 'Closed' : reasons[reason]} by ${by}`;
}
