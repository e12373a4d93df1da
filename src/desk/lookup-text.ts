import type { Candidate, LookupAnswer } from './contract.ts';

/** The answer of `ringside lookup` for a person at a terminal. `now` tells how old records are. */
export function lookupText(answer: LookupAnswer, now: Date): string {
  const { caller, match } = answer;
  const heading =
    caller.e164 === null ? caller.display || '(empty)' : `${caller.display} (${caller.e164})`;
  return [
    heading,
    '',
    ...matchLines(answer, now),
    '',
    `${match.candidates.length} found in ${answer.ms} ms`,
  ].join('\n');
}

function matchLines({ caller, match }: LookupAnswer, now: Date): string[] {
  if (match.status === 'anonymous') return ['The number is withheld: nobody is looked up.'];
  if (caller.e164 === null)
    return ['No match: this is not a number that can be dialled from outside.'];
  if (match.status === 'none') return ['No match: it pops as an unknown caller.'];
  const lines = match.candidates.flatMap((candidate, index) =>
    candidateLines(candidate, index + 1, now),
  );
  if (match.status === 'one') return lines;
  const shared =
    match.sharedCustomer === null ? '' : ` They all belong to ${match.sharedCustomer.name}.`;
  return [`Several have this number; the agent chooses.${shared}`, '', ...lines];
}

function candidateLines(candidate: Candidate, place: number, now: Date): string[] {
  const { customer, kind, reason } = candidate;
  const about = [kind, candidate.title, customer?.name ?? '', candidate.city].filter(
    (part) => part !== '',
  );
  const changed =
    reason.updatedAt === null ? '' : `, changed ${daysAgo(new Date(reason.updatedAt), now)}`;
  const cases = candidate.openCases.map(
    (row) =>
      `     ${row.number}  ${row.priority || '-'}  ${row.state || '-'}  ${row.shortDescription}`,
  );
  const more = candidate.openCaseCount - cases.length;
  return [
    `${String(place).padStart(2)}. ${candidate.name} (${about.join(', ')})`,
    `     why: ${reason.text}${changed}`,
    ...chosenLines(candidate, now),
    ...(candidate.link === null ? [] : [`     ${candidate.link}`]),
    ...cases,
    ...(more > 0
      ? [
          `     ${cases.length === 0 ? '' : 'and '}${more} ${cases.length === 0 ? '' : 'more '}open cases`,
        ]
      : []),
  ];
}

function chosenLines({ lastChosen }: Candidate, now: Date): string[] {
  if (lastChosen === null) return [];
  const by = lastChosen.by === null ? '' : ` by ${lastChosen.by}`;
  return [`     chosen last time${by}, ${daysAgo(new Date(lastChosen.at), now)}`];
}

function daysAgo(then: Date, now: Date): string {
  const days = Math.floor((now.getTime() - then.getTime()) / 86_400_000);
  return days < 1 ? 'within a day' : `${days} ${days === 1 ? 'day' : 'days'} ago`;
}
