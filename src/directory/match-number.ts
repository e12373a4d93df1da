import type { Database } from '../platform/database/database.ts';
import { candidateKey, parseCandidateKey, reasonText } from './match.ts';
import type { MatchCandidate } from './match.ts';
import { candidateRow, candidateRows, countOwners } from './match-store.ts';
import type { CandidateRow } from './match-store.ts';
import type { CallerNumber } from './phone-number.ts';
import { matchKey } from './renumbering.ts';

/**
 * Who is calling: the records of all of the organization's connections that hold this very number,
 * the best first, at most 50 (countMatches says how many there are). Numbers are equal or they are
 * not; nothing is matched by its last digits.
 */
export async function matchNumber(
  db: Database,
  organizationId: string,
  number: CallerNumber,
): Promise<MatchCandidate[]> {
  if (number.e164 === null) return [];
  const rows = await candidateRows(db, organizationId, matchKey(number.e164));
  return rows.map(toCandidate);
}

/** A record of the mirror by its key, as a candidate whose number gave no reason; null when it is not there or inactive. */
export async function findCandidate(
  db: Database,
  organizationId: string,
  key: string,
): Promise<MatchCandidate | null> {
  const record = parseCandidateKey(key);
  const row = record === null ? null : await candidateRow(db, organizationId, record);
  return row === null ? null : toCandidate(row);
}

/** How many records hold the number; only worth asking when matchNumber answered 50. */
export async function countMatches(
  db: Database,
  organizationId: string,
  number: CallerNumber,
): Promise<number> {
  return number.e164 === null ? 0 : countOwners(db, organizationId, matchKey(number.e164));
}

function toCandidate(row: CandidateRow): MatchCandidate {
  const name = row.name === '' ? row.email || '(no name)' : row.name;
  return {
    key: candidateKey(row.kind, row.connection_id, row.id),
    kind: row.kind,
    connectionId: row.connection_id,
    id: row.id,
    name,
    title: row.title,
    email: row.email,
    city: row.city,
    country: row.country,
    customer:
      row.customer_id === null || row.customer_name === null
        ? null
        : { id: row.customer_id, name: row.customer_name },
    reason: {
      label: row.label,
      field: row.field,
      raw: row.raw,
      updatedAt: row.updated_at,
      pending: row.pending_at === null ? null : { at: row.pending_at, by: row.pending_by },
      text: reasonText({ kind: row.kind, name }, { ...row, pending: row.pending_at !== null }),
    },
    openCases: (row.cases ?? []).map((open) => ({
      ...open,
      openedAt: open.openedAt === null ? null : new Date(open.openedAt),
    })),
    openCaseCount: row.case_count,
    lastChosen: row.chosen_at === null ? null : { at: row.chosen_at, by: row.chosen_by },
    provisional: row.provisional,
  };
}
