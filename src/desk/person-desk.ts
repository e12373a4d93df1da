import type { NumberMask } from '../directory/number-mask.ts';
import type { ReachablePerson } from '../organization/person-store.ts';
import type { DeskState, MissedNews, Pop, PopGone, TestNews } from './contract.ts';
import type { EventStream } from '../platform/event-stream.ts';

/** One open stream of a person, and how to find out whether they are still signed in. */
export interface DeskStream {
  stream: EventStream;
  stillSignedIn(): Promise<boolean>;
}

/**
 * All streams of one person on this node. What is sent goes to every one of them, so all tabs show the same. Work for
 * a person runs one after the other, so that a newer pop never overtakes an older one.
 */
export class PersonDesk {
  readonly organizationId: string;
  readonly personId: string;
  readonly streams = new Set<DeskStream>();
  /** As of the last state that was sent; null before the first. */
  person: ReachablePerson | null = null;
  /** Where their phone rings; null while they get no pops. */
  extension: string | null = null;
  /** Told when a pop went out that was not on the screens before; `live` unless it came with the whole state. */
  onFirst: (callId: string, live: boolean) => void = () => undefined;
  /** Pops on the person's screens, as sent, by call. */
  readonly #shown = new Map<string, string>();
  /** Missed calls as last told; null: not since the last state. */
  #missed: number | null = null;
  #last: Promise<void> = Promise.resolve();
  readonly #mask: NumberMask;

  constructor(organizationId: string, personId: string, mask: NumberMask) {
    this.organizationId = organizationId;
    this.personId = personId;
    this.#mask = mask;
  }

  /**
   * Runs after everything that was given before. When it fails, what is on the screens may be old: the streams are
   * closed, and the browsers come back and begin from the tables.
   */
  afterwards(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => this.close());
    return done;
  }

  shows(callId: string): boolean {
    return this.#shown.has(callId);
  }

  sendState(state: DeskState): void {
    const fresh = state.pops.filter(({ callId }) => !this.#shown.has(callId));
    this.#shown.clear();
    for (const pop of state.pops) this.#shown.set(pop.callId, JSON.stringify(pop));
    this.#send('state', state);
    this.#missed = null;
    for (const { callId } of fresh) this.onFirst(callId, false);
  }

  /** Nothing is sent when nothing changed. */
  sendPop(pop: Pop): void {
    const text = JSON.stringify(pop);
    const before = this.#shown.get(pop.callId);
    if (before === text) return;
    this.#shown.set(pop.callId, text);
    this.#send('pop', pop);
    if (before === undefined) this.onFirst(pop.callId, true);
  }

  sendGone(gone: PopGone): void {
    if (this.#shown.delete(gone.callId)) this.#send('gone', gone);
  }

  /** `changed`: the list did, though it may be as long as before. */
  sendMissed(news: MissedNews, changed: boolean): void {
    if (!changed && news.open === this.#missed) return;
    this.#missed = news.open;
    this.#send('missed', news);
  }

  /** A test call of the Systems Check has come this far. */
  sendTest(news: TestNews): void {
    this.#send('test', news);
  }

  tick(now: Date): void {
    this.#send('tick', { now: now.toISOString() });
  }

  /** Ends every stream: the person may no longer sign in. */
  close(): void {
    for (const { stream } of this.streams) stream.close();
  }

  /** What goes out is masked here for whom numbers are hidden; what is remembered of it is not. */
  #send(event: string, data: unknown): void {
    const masked = this.person?.numbersMasked ?? true;
    const json = JSON.stringify(masked ? this.#mask.mask(this.organizationId, data) : data);
    for (const { stream } of this.streams) stream.sendJson(event, json);
  }
}
