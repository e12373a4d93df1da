import type { Candidate } from '../../../src/desk/contract.ts';
import { ago } from './wording.ts';

/**
 * Why a candidate stands below the one before it, in the order in which the hub ranks them (directory/match-store.ts): chosen last for
 * the number, people before companies before ServiceNow users, more open cases, a more urgent one, changed more recently, the name.
 */
export function rankReason(above: Candidate, below: Candidate, now: number): string {
  const chosen = [above, below].map(({ lastChosen }) => lastChosen?.at ?? '') as [string, string];
  if (chosen[0] !== chosen[1])
    return chosen[1] === ''
      ? `${above.name} was chosen for this number before`
      : `${above.name} was chosen for this number more recently`;
  if (classOf(above) !== classOf(below))
    return classOf(below) === 1
      ? 'companies come after people'
      : 'ServiceNow users come after customers';
  if (above.openCaseCount !== below.openCaseCount)
    return `${casesText(below.openCaseCount)}, ${above.name} has ${above.openCaseCount}`;
  const [first, second] = [above.openCases[0], below.openCases[0]];
  // Far down the list candidates come without their cases.
  if (above.openCaseCount > 0 && (first === undefined || second === undefined))
    return 'its open cases are no more urgent';
  if (first !== undefined && second !== undefined && first.priorityRank !== second.priorityRank)
    return `its most urgent case is ${second.priority || 'without a priority'}, that of ${above.name} ${first.priority}`;
  const [newer, older] = [above.reason.updatedAt, below.reason.updatedAt];
  if (newer !== older)
    return older === null
      ? 'ServiceNow does not say when the record was changed'
      : `its record was changed longer ago (${ago(older, now)})`;
  return 'otherwise alike: by name';
}

function classOf({ kind }: Candidate): number {
  return kind === 'customer' ? 1 : kind === 'user' ? 2 : 0;
}

function casesText(count: number): string {
  return count === 0 ? 'no open cases' : `${count} open ${count === 1 ? 'case' : 'cases'}`;
}
