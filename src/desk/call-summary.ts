import type { Database } from '../platform/database/database.ts';
import { emptySummary } from './call-summary-contract.ts';
import type { CallSummary } from './call-summary-contract.ts';
import { summaryRows } from './call-summary-store.ts';
import type { SummaryRow } from './call-summary-store.ts';
import type { LinkMaker } from './match.ts';
import { readFacts } from './organization-facts.ts';

/** What was done with calls, by call; of each person's note at most so many characters. A call with which nothing was done is absent. */
export async function summariesOf(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
  noteLength: number,
): Promise<Map<string, CallSummary>> {
  const rows = await summaryRows(db, organizationId, callIds, noteLength);
  if (rows.size === 0) return new Map();
  const { link } = await readFacts(db, organizationId);
  return new Map([...rows].map(([callId, row]) => [callId, presentSummary(row, link)]));
}

export function presentSummary({ notes, codes, tagged }: SummaryRow, link: LinkMaker): CallSummary {
  return {
    ...emptySummary,
    notes: (notes ?? []).map((note) => ({ ...note, by: note.by ?? '' })),
    wrapUpCodes: codes ?? [],
    case:
      tagged === null
        ? null
        : {
            number: tagged.number,
            shortDescription: tagged.shortDescription,
            link:
              tagged.caseId === null
                ? null
                : link(tagged.connectionId, { kind: 'case', id: tagged.caseId }),
          },
  };
}
