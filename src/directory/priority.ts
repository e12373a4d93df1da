import type { Choice } from '../crm/record.ts';

const ranksByWord: [word: RegExp, rank: number][] = [
  [/critical|kritisch|critique|urgent/i, 1],
  [/high|hoch|haute|alta/i, 2],
  [/moderate|medium|mittel|moyenne|media/i, 3],
  [/low|niedrig|basse|baja|bassa/i, 4],
  [/planning|planung/i, 5],
];

/**
 * Sort key of a priority: 1 = most urgent, 99 unknown. CRMs say '1' or '1 - Critical' or just
 * 'Critical'.
 */
export function priorityRank(priority: Choice): number {
  const digit =
    /^\s*([1-9])(?!\d)/.exec(priority.value)?.[1] ?? /^\s*([1-9])(?!\d)/.exec(priority.label)?.[1];
  if (digit !== undefined) return Number(digit);
  return (
    ranksByWord.find(([word]) => word.test(priority.label) || word.test(priority.value))?.[1] ?? 99
  );
}
