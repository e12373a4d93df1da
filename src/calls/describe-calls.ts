import { mirrorAge } from '../directory/mirror-store.ts';
import { findCandidate, matchNumber } from '../directory/match-number.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { candidatesOf, matchOf, matchesOfCalls, saveMatches } from './call-match-store.ts';
import type { CallMatch, PartyFound } from './call-match-store.ts';
import { savePhones } from './call-phone-store.ts';
import { describeRecords } from './call-record-store.ts';
import type { CallParty } from './call-record-store.ts';
import { outsideParty } from './party.ts';
import { callsByIds } from './store.ts';
import type { StoredCall } from './store.ts';
import type { FoundCandidate } from './tables.ts';

export interface DescribeDeps {
  db: Database;
  clock: Clock;
  /** By call: the key of whom somebody said the other party to be; '' where they said that it is nobody known. */
  choicesOf(
    db: Database,
    organizationId: string,
    callIds: readonly string[],
  ): Promise<Map<string, string>>;
}

/**
 * Says in the lists who the other parties of calls that are over were: as found when they rang or, where nobody's Desk was told of
 * a call, as found now. Also completes what is kept of the phones, of which a node that died may have kept nothing.
 */
export async function describeCalls(
  { db, clock, choicesOf }: DescribeDeps,
  organizationId: string,
  callIds: readonly string[],
): Promise<void> {
  const calls = await callsByIds(db, organizationId, callIds);
  if (calls.length === 0) return;
  const at = clock.now();
  const { matches, found } = await findMatches(db, organizationId, calls, at);
  if (found.length > 0)
    await saveMatches(db, organizationId, found, await mirrorAge(db, organizationId));
  const choices = await choicesOf(db, organizationId, callIds);
  const parties = await partiesOf(db, organizationId, { calls, matches, choices });
  await savePhones(
    db,
    organizationId,
    calls.flatMap((call) =>
      call.legs.flatMap(({ extension, ringingAt }) =>
        extension === null
          ? []
          : [{ organizationId, callId: call.id, extension, at, rangAt: ringingAt }],
      ),
    ),
  );
  await describeRecords(db, organizationId, parties, at);
}

/** Who has the other party's number, by call: as kept when a Desk was told of it, else as `found` now. */
export async function findMatches(
  db: Database,
  organizationId: string,
  calls: readonly StoredCall[],
  at: Date,
): Promise<{
  matches: Map<string, CallMatch>;
  kept: Map<string, CallMatch & { asOf: Date | null }>;
  found: PartyFound[];
}> {
  const ids = calls.map(({ id }) => id);
  const kept = await matchesOfCalls(db, organizationId, ids);
  const unmatched = calls.filter((call) => !kept.has(call.id) && outsideParty(call) !== null);
  const found = await findParties(db, organizationId, unmatched, at);
  return {
    matches: new Map([...kept, ...found.map((one) => [one.callId, matchOf(one)] as const)]),
    kept,
    found,
  };
}

/** Who the other parties are, by what was found of them and whom somebody said them to be. In the order of the calls. */
export async function partiesOf(
  db: Database,
  organizationId: string,
  {
    calls,
    matches,
    choices,
  }: {
    calls: readonly StoredCall[];
    matches: ReadonlyMap<string, CallMatch>;
    choices: ReadonlyMap<string, string>;
  },
): Promise<CallParty[]> {
  const parties: CallParty[] = [];
  for (const call of calls) {
    const match = matches.get(call.id) ?? null;
    const choice = choices.get(call.id) ?? null;
    const known = match?.candidates.find(({ key }) => key === choice);
    // Of many with one number only the first are kept, and an agent may name somebody who does not have it.
    const named =
      choice === null || choice === '' || known !== undefined
        ? null
        : await findCandidate(db, organizationId, choice);
    const chosen = known ?? (named === null ? undefined : candidatesOf([named])[0]);
    parties.push(partyOf(call, match, choice, chosen));
  }
  return parties;
}

async function findParties(
  db: Database,
  organizationId: string,
  calls: readonly StoredCall[],
  at: Date,
): Promise<PartyFound[]> {
  if (calls.length === 0) return [];
  const organization = await organizationById(db, organizationId);
  const found: PartyFound[] = [];
  for (const call of calls) {
    const number = callerNumber(outsideParty(call) ?? '', organization?.country ?? 'US');
    const candidates = await matchNumber(db, organizationId, number);
    found.push({ organizationId, callId: call.id, at, number, candidates });
  }
  return found;
}

function partyOf(
  call: StoredCall,
  match: CallMatch | null,
  choice: string | null,
  chosen: FoundCandidate | undefined,
): CallParty {
  const party = { callId: call.id, e164: null, candidateKey: null, name: '', company: '' };
  if (match === null || outsideParty(call) === null) return party;
  const only = choice === null && match.status === 'one' ? match.candidates[0] : undefined;
  const shown = chosen ?? only;
  return {
    ...party,
    e164: match.e164,
    candidateKey: shown?.key ?? null,
    name: shown?.name ?? '',
    // As soon as it is known, though not who of its people it is.
    company: shown?.company ?? (choice === null ? match.sharedCompany : ''),
  };
}
