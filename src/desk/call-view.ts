import type { Database } from '../platform/database/database.ts';
import type { StoredCall } from '../calls/store.ts';
import { isInHouse } from '../calls/party.ts';
import { priorityOf } from './call-priority.ts';
import { consultedCall } from './consultation.ts';
import { noEarlierCalls } from './earlier-call-contract.ts';
import { earlierCallsOf } from './earlier-calls.ts';
import { refreshedAt } from '../directory/live-store.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { callerNumber } from '../directory/phone-number.ts';
import type { CallerInQuestion } from '../directory/refresh-caller.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { CallerNumber, Match, Pop, PopCard } from './contract.ts';
import type { KeptCallers } from './kept-callers.ts';
import type { PersonOf } from './kept-people.ts';
import { matchCaller } from './match-caller.ts';
import { matchOf } from './match.ts';
import { namedCaller } from './named-caller.ts';
import { readFacts } from './organization-facts.ts';
import type { FactsOf, OrganizationFacts } from './organization-facts.ts';
import { otherParty } from './part.ts';
import type { Part } from './part.ts';
import { popOf } from './pop.ts';
import { recordCard } from './record-card.ts';
import { chosenCandidate } from './store.ts';
import { transferHistory } from './transfer-history.ts';
import { loadWork, newCaseLink, noWork } from './load-work.ts';
import { workView } from './work-view.ts';

/** Asks the CRM about the caller in the background; the call is told again when it knew better. */
export type RefreshCaller = (caller: CallerInQuestion) => void;

/**
 * One call as it stands, made ready for everybody who sees it: the caller is looked up once, however many phones ring,
 * and only when somebody needs it.
 */
export interface CallView {
  readonly call: StoredCall;
  popFor(extension: string, part: Part & { kind: 'shown' }): Promise<Pop>;
  /** Whom this extension talks with, as the pop shows them. */
  partyOf(extension: string): Promise<Party>;
  /** What people call an extension: its person's name, else 'extension 201' or a number; null where nobody is named. */
  nameOf(extension: string | null): Promise<string | null>;
}

/** Who is at the other end, and what the organization has to know about them. */
export interface Party {
  caller: CallerNumber;
  /** The candidate shown; null while there is none, or several to choose from. */
  chosen: MatchCandidate | null;
  facts: OrganizationFacts;
}

/** What is known of a call's other party. */
export interface FoundCaller extends Party {
  asOf: Date | null;
  match: Match;
  card: Omit<PopCard, 'transfers'>;
}

export interface ViewOptions {
  refreshCaller?: RefreshCaller | undefined;
  /** Who was found a moment ago; not given: everybody is looked up anew. */
  callers?: KeptCallers<FoundCaller>;
  /** Not given: read anew. */
  personOf?: PersonOf;
  /** The call is as this node just committed it for the first time. */
  justBegun?: boolean;
}

export function viewCall(
  db: Database,
  call: StoredCall,
  factsOf: FactsOf = (id) => readFacts(db, id),
  {
    refreshCaller,
    callers,
    personOf = (id, extension) => personByExtension(db, id, extension),
    justBegun = false,
  }: ViewOptions = {},
): CallView {
  const { organizationId, id: callId } = call;
  // Nobody can have seen it yet, much less have worked on it: what is not there is not asked for.
  const untouched = justBegun && call.endedAt === null;
  const factsOnce = once(factsOf);
  const found = once((raw: string) => callers?.find(callId, raw, () => find(raw)) ?? find(raw));

  async function find(raw: string): Promise<FoundCaller> {
    const facts = await factsOnce(organizationId);
    // Three questions at once: each would wait for a connection and an answer of its own.
    const [{ caller, candidates }, choice, refreshed] = await Promise.all([
      matchCaller(db, organizationId, raw, facts),
      choiceOf(callId),
      refreshedOf(callId),
    ]);
    // Of a consultation it was done for the customer's own call.
    if (!isInHouse(call)) refreshCaller?.({ organizationId, callId, number: caller, candidates });
    const all = [...(await namedCaller(db, organizationId, choice, candidates)), ...candidates];
    const asOf = refreshed ?? facts.asOf;
    const match = matchOf(caller, all, choice, facts.link);
    const chosen = all.find(({ key }) => key === match.chosen) ?? null;
    const whose = { caller, shownKey: match.chosen, link: facts.link };
    const [card, earlier] = await Promise.all([
      recordCard(db, organizationId, caller, chosen, call.startedAt),
      earlierCallsOf(db, organizationId, whose, { startedAt: call.startedAt, callId }),
    ]);
    return { facts, caller, asOf, match, chosen, card: { ...card, earlier } };
  }
  const work = once(async (id: string) => {
    const facts = await factsOnce(organizationId);
    return untouched ? noWork(facts) : loadWork(db, organizationId, id, facts);
  });
  // Asked once for all phones that ring; the argument is there for `once` alone.
  const consulted = once(() => consultedCall(db, call));

  /** A choice made in the consultation itself counts before that of the colleague who asks. */
  async function choiceOf(id: string): Promise<string | null> {
    const about = await consulted(id);
    const own = untouched ? null : await chosenCandidate(db, organizationId, id);
    return own ?? (about === null ? null : chosenCandidate(db, organizationId, about.id));
  }

  async function refreshedOf(id: string): Promise<Date | null> {
    const about = await consulted(id);
    return about === null && untouched ? null : refreshedAt(db, organizationId, about?.id ?? id);
  }
  const person = once((extension: string) => personOf(organizationId, extension));

  async function colleague(caller: CallerNumber): Promise<CallerNumber> {
    const name = caller.e164 === null ? (await person(caller.raw))?.name : undefined;
    return name === undefined ? caller : { ...caller, display: `${name} (${caller.raw})` };
  }

  async function nameOf(extension: string | null): Promise<string | null> {
    if (extension === null) return null;
    const name = (await person(extension))?.name;
    // A webhook may name the number that a call was forwarded to.
    return name ?? (extension.length > 6 ? extension : `extension ${extension}`);
  }

  async function foundFor(extension: string) {
    const about = extension === call.from ? null : await consulted(callId);
    const party = about === null ? otherParty(call, extension) : otherParty(about, call.from ?? '');
    return { about, ...(await found(party)) };
  }

  return {
    call,
    nameOf,
    partyOf: foundFor,
    async popFor(extension, part) {
      const { about, caller, match, chosen, facts, asOf, card } = await foundFor(extension);
      const owner = await person(extension);
      const viewer = { personId: owner?.id ?? '', plan: owner?.plan ?? null, extension, part };
      const dialled =
        call.direction === 'inbound' ? callerNumber(call.to ?? '', facts.country).display : '';
      return popOf({
        callId,
        call,
        part,
        caller: isInHouse(call) && about === null ? await colleague(caller) : caller,
        askedBy: about === null ? null : ((await person(call.from ?? ''))?.name ?? call.from),
        dialled,
        match,
        priority: priorityOf(facts.priorities, call, match, facts.country),
        card: {
          ...card,
          ...(owner?.mayNot.includes('earlier-calls') ? { earlier: noEarlierCalls } : {}),
          transfers: await transferHistory(call, extension, nameOf),
        },
        asOf,
        work: workView(await work(callId), call, viewer, newCaseLink(facts, chosen)),
      });
    },
  };
}

/** Remembers the answer for each argument. */
function once<T>(ask: (argument: string) => Promise<T>): (argument: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (argument) => {
    const known = answers.get(argument) ?? ask(argument);
    answers.set(argument, known);
    return known;
  };
}
