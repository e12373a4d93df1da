import type { LinkTarget } from '../crm/port.ts';
import type { RecordType } from '../crm/record.ts';
import { sharedCustomer } from '../directory/match.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { isPending } from '../directory/pending-contact.ts';
import type { CallerNumber, Candidate, Match } from './contract.ts';

/** Makes the link that opens a record of a connection, or null; handed in so that this stays pure. */
export type LinkMaker = (connectionId: string, target: LinkTarget) => string | null;

/** What stands for nobody, where somebody looked and left the caller unknown. */
export const leftUnknown = 'unknown';

/** Candidates shown at most; a number that more records share says nothing about the caller anyway. */
const candidatesShown = 50;

/** Beyond these many a candidate comes without its cases unless it was chosen, so that a pop stays below some 100 KB. */
const candidatesWithCases = 5;

/**
 * What the Desk and the look-up show of the candidates for a number, best first. `choice` is the key that somebody chose
 * for this call, or `leftUnknown`; it is forgotten when that record no longer has the number.
 */
export function matchOf(
  caller: CallerNumber,
  found: readonly MatchCandidate[],
  choice: string | null,
  link: LinkMaker,
): Match {
  const candidates = found.slice(0, candidatesShown).map((candidate, place) => {
    const brief = place >= candidatesWithCases && candidate.key !== choice;
    return presentCandidate(brief ? { ...candidate, openCases: [] } : candidate, link);
  });
  const status = caller.anonymous
    ? 'anonymous'
    : ((['none', 'one'] as const)[candidates.length] ?? 'several');
  const isLeft = choice === leftUnknown;
  const chosen =
    candidates.find((candidate) => candidate.key === choice) ??
    (status === 'one' && !isLeft ? candidates[0] : undefined);
  return {
    status,
    chosen: chosen?.key ?? null,
    leftUnknown: isLeft,
    candidates,
    sharedCustomer: presentShared(found, link),
  };
}

function presentCandidate(candidate: MatchCandidate, link: LinkMaker): Candidate {
  const { connectionId, customer, reason, lastChosen } = candidate;
  return {
    key: candidate.key,
    kind: candidate.kind,
    name: candidate.name,
    title: candidate.title,
    email: candidate.email,
    city: candidate.city,
    country: candidate.country,
    customer:
      customer === null
        ? null
        : {
            name: customer.name,
            link: linkOnceMade(link, connectionId, { kind: 'customer', id: customer.id }),
          },
    link: linkOnceMade(link, connectionId, { kind: candidate.kind, id: candidate.id }),
    reason: {
      ...reason,
      updatedAt: reason.updatedAt?.toISOString() ?? null,
      pending: reason.pending === null ? null : atText(reason.pending),
    },
    openCases: candidate.openCases.map((row) => ({
      ...row,
      openedAt: row.openedAt?.toISOString() ?? null,
      link: link(connectionId, { kind: 'case', id: row.id }),
    })),
    openCaseCount: candidate.openCaseCount,
    lastChosen: lastChosen === null ? null : atText(lastChosen),
    provisional: candidate.provisional,
  };
}

const atText = ({ at, by }: { at: Date; by: string | null }) => ({ at: at.toISOString(), by });

/** What is still being made opens nowhere. */
function linkOnceMade(
  link: LinkMaker,
  connectionId: string,
  target: { kind: RecordType; id: string },
): string | null {
  return isPending(target.id) ? null : link(connectionId, target);
}

function presentShared(found: readonly MatchCandidate[], link: LinkMaker): Match['sharedCustomer'] {
  const shared = sharedCustomer(found);
  if (shared === null) return null;
  const { connectionId, id, name } = shared;
  return { name, link: linkOnceMade(link, connectionId, { kind: 'customer', id }) };
}
