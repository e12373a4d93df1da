import { matchKey } from '../directory/renumbering.ts';
import { askTogether } from '../platform/database/ask-together.ts';
import type { Database } from '../platform/database/database.ts';
import { presentSummary } from './call-summary.ts';
import type { CallerNumber } from './contract.ts';
import { noEarlierCalls } from './earlier-call-contract.ts';
import type { EarlierCall, EarlierCalls } from './earlier-call-contract.ts';
import { earlierRows } from './earlier-call-store.ts';
import type { EarlierPlace, EarlierQuestion, EarlierRow } from './earlier-call-store.ts';
import type { LinkMaker } from './match.ts';

/** With a pop, which should stay small, and with what is asked for afterwards. */
const withPop = amount(5, 600);
export const withPage = amount(20, 4_000);

/** Whose earlier calls. */
export interface EarlierFacts {
  caller: CallerNumber;
  /** Key of the record that is shown; null: nobody's, then the number alone counts. */
  shownKey: string | null;
  link: LinkMaker;
}

/** So many calls at most, and of each so much of its notes. */
function amount(calls: number, noteLength: number) {
  const ask = askTogether((db, organizationId, questions: readonly EarlierQuestion[]) =>
    // One more tells whether there are more.
    earlierRows(db, organizationId, questions, { limit: calls + 1, noteLength }),
  );
  return { calls, ask };
}

/** The last calls with the caller's record or number before a place, in one query; none is asked for a caller of whom nothing is known. */
export async function earlierCallsOf(
  db: Database,
  organizationId: string,
  { caller, shownKey, link }: EarlierFacts,
  before: EarlierPlace,
  { calls, ask } = withPop,
): Promise<EarlierCalls> {
  const e164 = caller.e164 === null ? null : matchKey(caller.e164);
  if (e164 === null && shownKey === null) return noEarlierCalls;
  const question = { e164, candidateKey: shownKey, before };
  const rows = await ask(db, organizationId, question);
  const last = rows.length > calls ? rows[calls - 1] : undefined;
  return {
    calls: rows.slice(0, calls).map((row) => present(row, shownKey, link)),
    next: last === undefined ? null : `${last.started_at.toISOString()}_${last.call_id}`,
  };
}

function present(row: EarlierRow, shownKey: string | null, link: LinkMaker): EarlierCall {
  const { answered_at: answered, ended_at: ended } = row;
  return {
    ...presentSummary(row, link),
    id: row.call_id,
    startedAt: row.started_at.toISOString(),
    direction: row.direction,
    result: row.result,
    queue: row.queue,
    secondsTalked:
      answered === null || ended === null
        ? null
        : Math.max(0, Math.round((ended.getTime() - answered.getTime()) / 1000)),
    agent: answered === null ? null : (row.agent ?? row.extension),
    otherParty: row.candidate_key === shownKey ? '' : row.name,
  };
}
