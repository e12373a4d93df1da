import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { CallRecorder } from '../calls/call-recorder.ts';
import { callById, openCallsFrom } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import type { NumberMask } from '../directory/number-mask.ts';
import { peopleById, personById } from '../organization/person-store.ts';
import { viewCall } from './call-view.ts';
import type { FoundCaller, RefreshCaller } from './call-view.ts';
import {
  callChanged,
  callsChannel,
  deskChanged,
  deskChannel,
  linkChanged,
  linksChannel,
  missedChanged,
  missedChannel,
  peopleChanged,
  peopleChannel,
  sessionsChannel,
  sessionsEnded,
} from './channel.ts';
import { tickSeconds } from './contract.ts';
import { DeskRegister } from './desk-register.ts';
import { deskState } from './desk-state.ts';
import { KeptCallers } from './kept-callers.ts';
import { KeptPeople } from './kept-people.ts';
import { MissedCounts } from './missed-counts.ts';
import { KeptFacts } from './organization-facts.ts';
import type { FactsOf } from './organization-facts.ts';
import type { DeskStream, PersonDesk } from './person-desk.ts';
import { tellDesk } from './tell-desk.ts';
import { tellTestCall } from './tell-test-call.ts';
import { ToldRevisions } from './told-revisions.ts';

export interface DeskHubDeps {
  db: Database;
  notifier: Notifier;
  clock: Clock;
  log: Log;
  numberMask: NumberMask;
  refreshCaller?: RefreshCaller;
  /** Keeps who was found and which pops went out, for explanations. */
  recorder?: Pick<CallRecorder, 'matched' | 'sent' | 'reconsider'>;
  /** Told of every pop that went to somebody's screens. */
  onPop?: OnPop;
}

/** `live` unless the pop came with the state that a stream begins with. */
export type OnPop = (pop: {
  organizationId: string;
  callId: string;
  personId: string;
  extension: string;
  live: boolean;
}) => void;

/** How a call is now, where this node committed the change itself; else it is to be read. */
type CallNews = StoredCall | 'read';

function newest(a: CallNews, b: CallNews): CallNews {
  if (a === 'read' || b === 'read') return 'read';
  return b.revision >= a.revision ? b : a;
}

/** Tabs share one stream; this is for other browsers and tools of the same person. */
const streamsPerPerson = 12;
/** Over so long browsers come back that were sent away. */
const spreadMs = 2_500;
/** Every how many ticks a stream's session is looked at again. */
const ticksPerSessionCheck = 3;

/** Sessions that are asked for side by side; the database has more to do. */
const checksAtOnce = 4;

/**
 * Brings calls to the people they concern. Once per node: it listens to the notifier, works out whose phones a changed
 * call touches, and sends each of them their pop. The tables are the truth; what is held here is only who is listening.
 */
export class DeskHub {
  readonly #deps: DeskHubDeps & { factsOf: FactsOf };
  readonly #desks: DeskRegister;
  /** Calls being worked on, with what changed meanwhile. */
  readonly #busy = new Map<string, CallNews | null>();
  readonly #told = new ToldRevisions();
  readonly #callers: KeptCallers<FoundCaller>;
  readonly #people: KeptPeople;
  readonly #facts: KeptFacts;
  readonly #missed: MissedCounts;
  readonly #stop: (() => void)[] = [];
  #ticks = 0;
  #leaving = false;

  constructor(deps: DeskHubDeps) {
    const { recorder, refreshCaller } = deps;
    this.#desks = new DeskRegister(deps.numberMask);
    this.#facts = new KeptFacts(deps);
    this.#deps = {
      ...deps,
      factsOf: this.#facts.find,
      refreshCaller(question) {
        recorder?.matched(question);
        refreshCaller?.(question);
      },
    };
    this.#callers = new KeptCallers(deps.clock);
    this.#people = new KeptPeople(deps);
    this.#missed = new MissedCounts(deps, (organizationId) => this.#desks.of(organizationId));
    const { notifier } = deps;
    this.#stop.push(() => this.#missed.close());
    this.#stop.push(
      notifier.subscribe(callsChannel, (payload, known) => {
        const { data } = callChanged.safeParse(payload);
        if (data === undefined) return;
        const { organizationId, callId, extensions } = data;
        if (known === undefined && !this.#desks.serves(organizationId, extensions)) return;
        this.#callChanged(organizationId, callId, known as CallNews | undefined);
      }),
      notifier.subscribe(peopleChannel, (payload) => {
        const { data } = peopleChanged.safeParse(payload);
        if (data === undefined) return;
        this.#people.forget(data.organizationId);
        this.#facts.forget(data.organizationId);
        this.#missed.forgetReaches();
        this.#missed.tell(data.organizationId, true);
        this.#peopleChanged(data.organizationId);
        this.#checkSessions(data.organizationId);
      }),
      notifier.subscribe(sessionsChannel, (payload) => {
        const { data } = sessionsEnded.safeParse(payload);
        const desk = data && this.#desks.find(data.organizationId, data.personId);
        if (desk !== undefined) this.#checkSessions(desk.organizationId, [desk]);
      }),
      notifier.subscribe(deskChannel, (payload) => {
        const { data } = deskChanged.safeParse(payload);
        if (data === undefined) return;
        if (data.dismissedBy === null) this.#choiceChanged(data.organizationId, data.callId);
        else this.#dismissed(data.organizationId, data.dismissedBy, data.callId);
      }),
      notifier.subscribe(linksChannel, (payload) => {
        const { data } = linkChanged.safeParse(payload);
        if (data !== undefined) this.#refresh(data.organizationId);
      }),
      notifier.subscribe(missedChannel, (payload) => {
        const { data } = missedChanged.safeParse(payload);
        if (data !== undefined) this.#missed.tell(data.organizationId, true);
      }),
      // Whatever was told while the line to the database was down is in the tables.
      notifier.onReconnect(() => {
        for (const organizationId of this.#desks.organizationIds()) this.#refresh(organizationId);
      }),
    );
    const timer = setInterval(() => this.#tick(), tickSeconds * 1000);
    timer.unref();
    this.#stop.push(() => clearInterval(timer));
  }

  /** Throws `unavailable` once the node is leaving, `too-many-requests` when the person has as many streams as one may have. Ask before `attach`. */
  admit(organizationId: string, personId: string): void {
    if (this.#leaving)
      throw new RingsideError('unavailable', 'The hub is being stopped.', { retryAfter: 2 });
    const open = this.#desks.find(organizationId, personId)?.streams.size ?? 0;
    if (open < streamsPerPerson) return;
    throw new RingsideError('too-many-requests', 'You have the Desk open in too many places.', {
      fix: 'Close it in other browsers.',
      retryAfter: 30,
    });
  }

  /** Serves a stream until it closes: first the state, then what changes. */
  attach(organizationId: string, personId: string, deskStream: DeskStream): void {
    const desk = this.#desks.findOrAdd(organizationId, personId);
    // Registered before the tables are read: a change after the reading is told, one before it has been read.
    desk.streams.add(deskStream);
    desk.onFirst = (callId, live) => this.#noteSent(desk, callId, live);
    deskStream.stream.onClose(() => {
      desk.streams.delete(deskStream);
      if (desk.streams.size === 0) this.#desks.remove(desk);
    });
    this.#work('state', organizationId, () => this.#sendState(desk));
  }

  /** What every pop and look-up of an organization needs, at most five seconds old. */
  get factsOf(): FactsOf {
    return this.#facts.find;
  }

  /** How many streams are open on this node. */
  get streams(): number {
    return this.#desks.all().reduce((sum, desk) => sum + desk.streams.size, 0);
  }

  /**
   * The node is about to go: no new streams, and those that are open end. Their browsers come back one after the other, to another
   * node or to this one when it is there again.
   */
  sendAway(): void {
    this.#leaving = true;
    for (const desk of this.#desks.all())
      for (const { stream } of desk.streams) stream.closeFor(500 + Math.random() * spreadMs);
  }

  /** Stops listening and closes every stream. */
  close(): void {
    for (const stop of this.#stop) stop();
    for (const desk of this.#desks.all()) desk.close();
  }

  #noteSent(desk: PersonDesk, callId: string, live: boolean): void {
    const { organizationId, personId, extension, streams } = desk;
    if (extension === null) return;
    this.#deps.onPop?.({ organizationId, callId, personId, extension, live });
    this.#deps.recorder?.sent({ organizationId, callId, extension, browsers: streams.size });
  }

  #sendState(desk: PersonDesk): Promise<void> {
    return desk.afterwards(async () => {
      const person = await personById(this.#deps.db, desk.organizationId, desk.personId);
      if (person === null || !person.active) return desk.close();
      // From here on calls find this desk; the state read next holds those before.
      this.#desks.place(desk, person);
      desk.sendState(await deskState(this.#deps, desk.organizationId, person));
      this.#missed.tell(desk.organizationId, false);
    });
  }

  /** A burst of changes of one call is worked on once while it runs and once more after it. */
  #callChanged(organizationId: string, callId: string, news: CallNews = 'read'): void {
    // Where a test call gets to is worth knowing though nobody listens.
    const isTest = news !== 'read' && news.testId !== null;
    if (!isTest && !this.#desks.has(organizationId)) return;
    if (news === 'read') this.#callers.forget(callId);
    const key = `${organizationId} ${callId}`;
    const waiting = this.#busy.get(key);
    if (waiting !== undefined) {
      this.#busy.set(key, waiting === null ? news : newest(waiting, news));
      return;
    }
    this.#busy.set(key, null);
    this.#work('call', organizationId, () =>
      this.#tellCall(organizationId, callId, news)
        .catch((error: unknown) => {
          this.#deps.log.warn(
            { err: error, callId },
            'a call could not be told; every Desk begins anew',
          );
          this.#refresh(organizationId);
        })
        .finally(() => {
          const again = this.#busy.get(key);
          this.#busy.delete(key);
          if (again) this.#callChanged(organizationId, callId, again);
        }),
    );
  }

  async #tellCall(organizationId: string, callId: string, news: CallNews): Promise<void> {
    const { db, factsOf, refreshCaller } = this.#deps;
    const call = news === 'read' ? await callById(db, organizationId, callId) : news;
    if (call === null || !this.#told.advance(call)) return;
    if (call.testId !== null) {
      const deskOf = (personId: string) => this.#desks.find(organizationId, personId);
      return tellTestCall(this.#deps, call, deskOf);
    }
    const view = viewCall(db, call, factsOf, {
      refreshCaller,
      callers: this.#callers,
      personOf: this.#people.find,
      justBegun: news !== 'read' && news.revision === 1,
    });
    await Promise.all(
      this.#desks
        .concernedBy(call)
        .map((desk) => desk.afterwards(() => tellDesk(this.#deps, desk, view))),
    );
  }

  /** Who is asked about the call sees the same caller. */
  #choiceChanged(organizationId: string, callId: string): void {
    this.#deps.recorder?.reconsider(organizationId, callId);
    this.#callChanged(organizationId, callId);
    if (!this.#desks.has(organizationId)) return;
    this.#work('consultations', organizationId, () =>
      this.#tellConsultations(organizationId, callId),
    );
  }

  async #tellConsultations(organizationId: string, callId: string): Promise<void> {
    const { db } = this.#deps;
    const legs = (await callById(db, organizationId, callId))?.legs ?? [];
    const extensions = [...new Set(legs.flatMap((leg) => leg.extension ?? []))];
    for (const id of await openCallsFrom(db, organizationId, extensions))
      if (id !== callId) this.#callChanged(organizationId, id);
  }

  #dismissed(organizationId: string, personId: string, callId: string): void {
    const desk = this.#desks.find(organizationId, personId);
    if (desk === undefined) return;
    this.#work('dismissal', organizationId, () =>
      desk.afterwards(async () => desk.sendGone({ callId, reason: 'dismissed', by: null })),
    );
  }

  /**
   * Only those whose plan, extension, mapping or name changed get a new state. Who was deactivated is cut off before, after one query
   * however many are listening: that is to be done within a second.
   */
  #peopleChanged(organizationId: string): void {
    this.#work('people', organizationId, async () => {
      const desks = this.#desks.of(organizationId);
      const ids = desks.map(({ personId }) => personId);
      const people = await peopleById(this.#deps.db, organizationId, ids);
      const stay = desks.filter((desk) => people.get(desk.personId)?.active === true);
      for (const desk of desks) if (!stay.includes(desk)) desk.close();
      for (const desk of stay)
        if (JSON.stringify(people.get(desk.personId)) !== JSON.stringify(desk.person))
          await this.#sendState(desk);
    });
  }

  #refresh(organizationId: string): void {
    this.#work('refresh', organizationId, async () => {
      for (const desk of this.#desks.of(organizationId)) await this.#sendState(desk);
    });
  }

  #tick(): void {
    this.#ticks += 1;
    const now = this.#deps.clock.now();
    for (const desk of this.#desks.all()) desk.tick(now);
    if (this.#ticks % ticksPerSessionCheck !== 0) return;
    for (const organizationId of this.#desks.organizationIds()) this.#checkSessions(organizationId);
  }

  #checkSessions(organizationId: string, desks = this.#desks.of(organizationId)): void {
    this.#work('sessions', organizationId, async () => {
      const streams = desks.flatMap((desk) => [...desk.streams]).values();
      // Each takes the next one that is left, so that one that waits holds up none of the others.
      const check = async () => {
        for (const { stream, stillSignedIn } of streams)
          if (!(await stillSignedIn())) stream.close();
      };
      await Promise.all(Array.from({ length: checksAtOnce }, check));
    });
  }

  /** Nobody waits for this work; what fails is logged, and the next change or line begins from the tables again. */
  #work(what: string, organizationId: string, work: () => Promise<void>): void {
    inOrganization(organizationId, work).catch((error: unknown) =>
      this.#deps.log.error({ err: error, what }, 'the Desk could not be brought up to date'),
    );
  }
}
