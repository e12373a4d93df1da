import type { StoredCall } from '../calls/store.ts';
import type { CallLog } from '../crm/port.ts';
import { matchNumber } from '../directory/match-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { mappingOf } from '../organization/mapping-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { Database } from '../platform/database/database.ts';
import { lastExtension, outsideNumber, talkSeconds } from './call-log.ts';
import { journeyText, shortText } from './call-log-text.ts';
import type { CallTextFacts } from './call-log-text.ts';
import { matchOf } from './match.ts';
import { chosenCandidate } from './store.ts';

/** What people did with a call, as far as it belongs into its record. */
export interface CallWork {
  /** Cases that it was about, and whose they are. */
  cases: { connectionId: string; id: string }[];
  /** Wrap-up and notes, whole lines. */
  lines: string[];
}
export type WorkOf = (db: Database, organizationId: string, callId: string) => Promise<CallWork>;

/** Who the outside party is: the only candidate for the number, or the one that was chosen for this call. */
export async function partyOf(db: Database, call: StoredCall): Promise<MatchCandidate | null> {
  const { organizationId } = call;
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const caller = callerNumber(outsideNumber(call), country);
  const candidates = await matchNumber(db, organizationId, caller);
  const choice = candidates.length > 1 ? await chosenCandidate(db, organizationId, call.id) : null;
  const { chosen } = matchOf(caller, candidates, choice, () => null);
  return candidates.find(({ key }) => key === chosen) ?? null;
}

/** A call that is over, as it is written down in a CRM. */
export async function readCallLog(
  db: Database,
  call: StoredCall,
  connectionId: string,
  workOf: WorkOf,
): Promise<CallLog> {
  const { organizationId } = call;
  const organization = await organizationById(db, organizationId);
  const country = organization?.country ?? 'US';
  const [found, work, people] = await Promise.all([
    partyOf(db, call),
    workOf(db, organizationId, call.id),
    peopleOf(db, call),
  ]);
  const party = found?.connectionId === connectionId ? found : null;
  const number = callerNumber(outsideNumber(call), country);
  const extension = lastExtension(call);
  const agent = extension === null ? undefined : people.get(extension);
  const company = found?.customer === null || found === null ? '' : ` (${found.customer.name})`;
  const facts: CallTextFacts = {
    party: found === null ? '' : found.name + company,
    number: number.anonymous ? 'a withheld number' : number.display,
    dialled: call.to === null ? '' : callerNumber(call.to, country).display,
    nameOf: (one) => people.get(one)?.name ?? (one.length > 6 ? one : `extension ${one}`),
    timeZone: organization?.timeZone ?? 'UTC',
    work: work.lines,
  };
  return {
    correlationId: call.id,
    direction: call.direction,
    answered: call.answeredAt !== null,
    number: number.anonymous ? '' : (number.e164 ?? number.raw.slice(0, 40)),
    startedAt: call.startedAt.toISOString(),
    endedAt: (call.endedAt ?? call.startedAt).toISOString(),
    seconds: talkSeconds(call),
    agentId:
      agent === undefined ? null : await mappingOf(db, organizationId, agent.id, connectionId),
    party: party === null ? null : { type: party.kind, id: party.id },
    customerId: party?.kind === 'customer' ? party.id : (party?.customer?.id ?? null),
    caseIds: work.cases.filter((one) => one.connectionId === connectionId).map(({ id }) => id),
    shortDescription: shortText(call, facts),
    text: journeyText(call, facts),
  };
}

type Person = { id: string; name: string };

/** Whose phones had a part in it, by extension. */
async function peopleOf(db: Database, call: StoredCall): Promise<Map<string, Person>> {
  const named = [
    ...call.legs.map((leg) => leg.extension),
    ...call.transfers.flatMap(({ from, to }) => [from, to]),
    lastExtension(call),
  ];
  const extensions = [...new Set(named.filter((one) => one !== null))].slice(0, 200);
  const people = new Map<string, Person>();
  for (const extension of extensions) {
    const person = await personByExtension(db, call.organizationId, extension);
    if (person !== null) people.set(extension, person);
  }
  return people;
}
