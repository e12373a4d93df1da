import { isInHouse } from '../calls/party.ts';
import type { StoredCall } from '../calls/store.ts';
import type { CallLog } from '../crm/write.ts';
import { matchNumber } from '../directory/match-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { isPending } from '../directory/pending-contact.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { mappingOf } from '../organization/mapping-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { Database } from '../platform/database/database.ts';
import { lastExtension, outsideNumber, talkSeconds } from './call-log.ts';
import { journeyText, shortText } from './call-log-text.ts';
import type { CallTextFacts } from './call-log-text.ts';
import { callLogWork } from './call-log-work.ts';
import type { Match } from './contract.ts';
import { matchOf } from './match.ts';
import { namedCaller } from './named-caller.ts';
import { chosenCandidate } from './store.ts';

/** Who the outside party is: the only candidate for the number, or whoever was said to be it. */
export async function partyOf(db: Database, call: StoredCall): Promise<MatchCandidate | null> {
  return (await candidatesOfCall(db, call)).chosen;
}

/** Everybody whom the outside party's number may belong to, and who of them it is, where that is known. */
export async function candidatesOfCall(
  db: Database,
  call: StoredCall,
): Promise<{ candidates: MatchCandidate[]; chosen: MatchCandidate | null; match: Match }> {
  const { organizationId } = call;
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const caller = callerNumber(outsideNumber(call), country);
  const candidates = await matchNumber(db, organizationId, caller);
  const choice = await chosenCandidate(db, organizationId, call.id);
  const all = [...(await namedCaller(db, organizationId, choice, candidates)), ...candidates];
  const match = matchOf(caller, all, choice, () => null);
  const chosen = all.find(({ key }) => key === match.chosen) ?? null;
  return { candidates: all, chosen, match };
}

/** A call that is over, as it is written down in a CRM. */
export async function readCallLog(
  db: Database,
  call: StoredCall,
  connectionId: string,
): Promise<CallLog> {
  const { organizationId } = call;
  const organization = await organizationById(db, organizationId);
  const country = organization?.country ?? 'US';
  const [found, work, people] = await Promise.all([
    partyOf(db, call),
    callLogWork(db, organizationId, call.id),
    peopleOf(db, call),
  ]);
  // Whom a write is still making has no id in the CRM; the log follows when it was made.
  const party = found?.connectionId === connectionId && !isPending(found.id) ? found : null;
  const customerId = party?.kind === 'customer' ? party.id : (party?.customer?.id ?? null);
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
    direction: isInHouse(call) ? 'internal' : call.direction,
    answered: call.answeredAt !== null,
    number: number.anonymous ? '' : (number.e164 ?? number.raw.slice(0, 40)),
    startedAt: call.startedAt.toISOString(),
    endedAt: (call.endedAt ?? call.startedAt).toISOString(),
    seconds: talkSeconds(call),
    agentId:
      agent === undefined ? null : await mappingOf(db, organizationId, agent.id, connectionId),
    party: party === null ? null : { type: party.kind, id: party.id },
    customerId: customerId === null || isPending(customerId) ? null : customerId,
    caseIds: work.case?.connectionId === connectionId ? [work.case.id] : [],
    shortDescription: shortText(call, facts),
    text: journeyText(call, facts),
    notes: work.notes,
  };
}

type Person = { id: string; name: string };

/** Whose phones had a part in it, by extension. */
async function peopleOf(db: Database, call: StoredCall): Promise<Map<string, Person>> {
  const named = [
    ...call.legs.map((leg) => leg.extension),
    ...call.transfers.flatMap(({ from, to }) => [from, to]),
    ...(isInHouse(call) ? [call.from, call.to] : []),
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
