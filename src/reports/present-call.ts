import { phoneNames } from '../calls/call-phone-store.ts';
import { recordedParties } from '../calls/call-record-store.ts';
import type { RecordedParty } from '../calls/call-record-store.ts';
import { findMatches, partiesOf } from '../calls/describe-calls.ts';
import { outsideParty } from '../calls/party.ts';
import type { StoredCall } from '../calls/store.ts';
import { emptySummary } from '../desk/call-summary-contract.ts';
import type { CallSummary } from '../desk/call-summary-contract.ts';
import { summariesOf } from '../desk/call-summary.ts';
import { chosenCandidates } from '../desk/store.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { peopleOf } from '../organization/person-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { ListedCall, PhoneName } from './contract.ts';

/** Of each note in a list, in characters. */
const listedNote = 200;

interface PresentDeps {
  db: Database;
  clock: Clock;
}

/** Calls as the lists show them, in the same order; of each person's note at most so many characters. */
export async function presentCalls(
  deps: PresentDeps,
  organizationId: string,
  calls: readonly StoredCall[],
  country: string,
  noteLength = listedNote,
): Promise<ListedCall[]> {
  const { db } = deps;
  const ids = calls.map(({ id }) => id);
  const [parties, names, people, summaries] = await Promise.all([
    partiesByCall(deps, organizationId, calls),
    phoneNames(db, organizationId, ids),
    calls.length === 0 ? [] : peopleOf(db, organizationId),
    summariesOf(db, organizationId, ids, noteLength),
  ]);
  const now = new Map(
    people.flatMap(({ extension, name, active }) =>
      extension === null || !active ? [] : [[extension, name] as const],
    ),
  );
  return calls.map((call) => {
    const then = names.get(call.id);
    // What was not kept then is told as it is now.
    const nameOf = (extension: string) => then?.get(extension) ?? now.get(extension) ?? null;
    const summary = summaries.get(call.id) ?? emptySummary;
    return presentCall(call, parties.get(call.id) ?? null, summary, nameOf, country);
  });
}

/** As recorded; of a call that is up, who a Desk shows or would show. */
async function partiesByCall(
  { db, clock }: PresentDeps,
  organizationId: string,
  calls: readonly StoredCall[],
): Promise<Map<string, RecordedParty>> {
  const running = calls.filter(({ endedAt }) => endedAt === null);
  const ids = running.map(({ id }) => id);
  const [recorded, { matches }, choices] = await Promise.all([
    recordedParties(
      db,
      organizationId,
      calls.map(({ id }) => id),
    ),
    findMatches(db, organizationId, running, clock.now()),
    chosenCandidates(db, organizationId, ids),
  ]);
  const shown = await partiesOf(db, organizationId, { calls: running, matches, choices });
  return new Map([...shown.map((party) => [party.callId, party] as const), ...recorded]);
}

export type NameOf = (extension: string) => string | null;

export function presentCall(
  call: StoredCall,
  party: RecordedParty | null,
  summary: CallSummary,
  nameOf: NameOf,
  country: string,
): ListedCall {
  const outside = outsideParty(call);
  const caller = callerNumber(outside ?? call.from ?? '', country);
  const named = (extension: string | null) =>
    extension === null ? null : (nameOf(extension) ?? extension);
  return {
    ...summary,
    id: call.id,
    startedAt: call.startedAt.toISOString(),
    answeredAt: call.answeredAt?.toISOString() ?? null,
    endedAt: call.endedAt?.toISOString() ?? null,
    direction: call.direction,
    result: call.result,
    queue: call.queue,
    party: caller,
    name: outside === null ? (nameOf(call.from ?? '') ?? '') : (party?.name ?? ''),
    company: party?.company ?? '',
    dialled: dialled(call, nameOf, country),
    answeredBy: call.direction === 'outbound' ? null : phone(call.answeredBy, nameOf),
    placedBy: call.direction === 'outbound' ? phone(call.answeredBy ?? call.from, nameOf) : null,
    transfers: call.transfers.map(({ kind, from, to }) => ({
      kind,
      from: named(from),
      to: named(to),
    })),
    recorded: call.recording !== null,
  };
}

function phone(extension: string | null, nameOf: NameOf): PhoneName | null {
  return extension === null ? null : { extension, name: nameOf(extension) };
}

function dialled({ to }: StoredCall, nameOf: NameOf, country: string): string {
  if (to === null) return '';
  const name = nameOf(to);
  return name === null ? callerNumber(to, country).display : `${name} (${to})`;
}
