import { callPriorities } from '../../../src/organization/call-priority.ts';
import { endedPopMinutes, endedPopsKept } from '../../../src/desk/contract.ts';
import type { DeskState, MissedNews, Pop, PopGone } from '../../../src/desk/contract.ts';

/** What the Desk shows, folded from the live stream. Pure: the stream's worker and the tests use it alike. */
export interface DeskView {
  /** `connecting` until the first state came; `lost` while the line is down and what is shown may be old. */
  line: 'connecting' | 'live' | 'lost';
  pops: Pop[];
  blocked: DeskState['blocked'];
  /** Phone systems that Ringside cannot hear just now. */
  phoneLinks: DeskState['phoneLinks'];
  /** A phone system can place calls just now. */
  canCall: boolean;
  /** Missed calls that wait for a call back, and how often the list was told to have changed; null: never told, such as without the plan. */
  missed: { open: number; changes: number } | null;
  /** Server's clock minus this computer's, in milliseconds. */
  clockOffset: number;
  /** Pops that went away by themselves and deserve a word, newest last. */
  notices: DeskNotice[];
  /** A test call of the Systems Check that this person placed and that just came; `at` by the server's clock. */
  test: { id: string; at: number } | null;
  /** Counts what the line told about calls. */
  turn: number;
  /** Counts the whole states: one comes when an administrator changed what this person may. */
  states: number;
}

export interface DeskNotice {
  callId: string;
  text: string;
  /** By the server's clock. */
  at: number;
}

export type DeskEvent =
  | { type: 'state'; state: DeskState; receivedAt: number }
  | { type: 'pop'; pop: Pop }
  /** A pop as an answer of the API has it, which was asked for in this turn of the view. */
  | { type: 'answer'; pop: Pop; turn: number }
  | { type: 'gone'; gone: PopGone; receivedAt: number }
  | { type: 'missed'; news: MissedNews }
  | { type: 'test'; id: string; receivedAt: number }
  | { type: 'tick'; now: string; receivedAt: number }
  | { type: 'lost' };

export const emptyView: DeskView = {
  line: 'connecting',
  pops: [],
  blocked: null,
  phoneLinks: [],
  canCall: false,
  missed: null,
  clockOffset: 0,
  notices: [],
  test: null,
  turn: 0,
  states: 0,
};

/** How long a notice stays, in milliseconds. */
export const noticeMilliseconds = 12_000;

export function foldDesk(view: DeskView, event: DeskEvent): DeskView {
  switch (event.type) {
    case 'state':
      return {
        ...view,
        line: 'live',
        pops: sortPops(event.state.pops),
        blocked: event.state.blocked,
        phoneLinks: event.state.phoneLinks,
        canCall: event.state.canCall,
        clockOffset: Date.parse(event.state.now) - event.receivedAt,
        // Told anew by the state, so a line that was lost meanwhile does not repeat old news.
        notices: [],
        turn: view.turn + 1,
        states: view.states + 1,
      };
    case 'pop':
      return { ...view, line: 'live', pops: withPop(view.pops, event.pop), turn: view.turn + 1 };
    case 'answer':
      // What the line told meanwhile may be newer. The line tells what was asked for, too: nothing is lost.
      return event.turn < view.turn ? view : { ...view, pops: withPop(view.pops, event.pop) };
    case 'gone': {
      const gone = view.pops.find((pop) => pop.callId === event.gone.callId);
      const pops = view.pops.filter((pop) => pop.callId !== event.gone.callId);
      const notice =
        gone === undefined ? null : noticeOf(gone, event.gone, event.receivedAt + view.clockOffset);
      return {
        ...view,
        line: 'live',
        pops,
        notices: notice === null ? view.notices : [...view.notices, notice],
        turn: view.turn + 1,
      };
    }
    case 'missed':
      return {
        ...view,
        missed: { open: event.news.open, changes: (view.missed?.changes ?? 0) + 1 },
      };
    case 'test':
      return { ...view, test: { id: event.id, at: event.receivedAt + view.clockOffset } };
    case 'tick':
      return { ...view, line: 'live', clockOffset: Date.parse(event.now) - event.receivedAt };
    case 'lost':
      return { ...view, line: view.line === 'connecting' ? 'connecting' : 'lost' };
  }
}

function withPop(pops: readonly Pop[], changed: Pop): Pop[] {
  return sortPops([...pops.filter((pop) => pop.callId !== changed.callId), changed]);
}

/** Takes away what has had its time; `now` by the server's clock. Returns the same object when nothing changed. */
export function pruneDesk(view: DeskView, now: number): DeskView {
  const fresh = (pop: Pop) =>
    pop.endedAt === null ||
    pop.work.wrapUp.keeps ||
    now - Date.parse(pop.endedAt) < endedPopMinutes * 60_000;
  const pops = view.pops.filter(fresh);
  const notices = view.notices.filter((notice) => now - notice.at < noticeMilliseconds);
  const test = view.test !== null && now - view.test.at < noticeMilliseconds ? view.test : null;
  const same = pops.length === view.pops.length && notices.length === view.notices.length;
  return same && test === view.test ? view : { ...view, pops, notices, test };
}

const order = { ringing: 0, talking: 1, held: 1, ended: 2 };

/**
 * Ringing on top, then those up, on hold or not, then ended; in each what the organization's rules put first, then the newest. At most `endedPopsKept` ended ones, beside those
 * whose wrap-up is to be finished.
 */
export function sortPops(pops: Pop[]): Pop[] {
  const sorted = pops.toSorted(
    (a, b) =>
      order[a.state] - order[b.state] ||
      urgency(a) - urgency(b) ||
      timeOf(b) - timeOf(a) ||
      a.callId.localeCompare(b.callId),
  );
  let ended = 0;
  return sorted.filter(
    (pop) => pop.state !== 'ended' || pop.work.wrapUp.keeps || ++ended <= endedPopsKept,
  );
}

/** Of what is over the time alone counts. */
function urgency({ state, priority }: Pop): number {
  return state === 'ended' ? 0 : callPriorities.indexOf(priority?.level ?? 'normal');
}

function timeOf(pop: Pop): number {
  return Date.parse(pop.endedAt ?? pop.startedAt);
}

function noticeOf(pop: Pop, gone: PopGone, at: number): DeskNotice | null {
  if (gone.reason === 'dismissed') return null;
  const who = callerTitle(pop);
  if (gone.reason === 'answered-elsewhere') {
    return { callId: pop.callId, text: `${who}: answered by ${gone.by ?? 'somebody else'}.`, at };
  }
  return pop.state === 'ended'
    ? null
    : { callId: pop.callId, text: `${who} no longer rings here.`, at };
}

/** The candidate shown: the chosen one, or the only one. */
export function shownCandidate(pop: Pop) {
  const { chosen, candidates, status, leftUnknown } = pop.match;
  const found = candidates.find((candidate) => candidate.key === chosen);
  return found ?? (status === 'one' && !leftUnknown ? (candidates[0] ?? null) : null);
}

/** What the caller is called in a heading: a name, else what is known. */
export function callerTitle(pop: Pop): string {
  const shown = shownCandidate(pop);
  if (shown !== null) return shown.name === '' ? pop.caller.display : shown.name;
  if (pop.match.status === 'several' && !pop.match.leftUnknown) {
    return pop.match.sharedCustomer?.name ?? `${pop.match.candidates.length} possible callers`;
  }
  if (pop.caller.anonymous) return 'Anonymous caller';
  // A colleague's phone: `display` already is the colleague's name.
  if (!isOutside(pop)) return pop.caller.display;
  return pop.direction === 'outbound' ? 'Unknown number' : 'Unknown caller';
}

/** Whether the pop is about somebody outside: not a colleague's call, unless they ask about a customer. */
export function isOutside(pop: Pop): boolean {
  return pop.direction !== 'internal' || pop.askedBy !== null;
}
