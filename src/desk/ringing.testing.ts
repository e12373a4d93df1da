import type { CallWatcher } from '../calls/book-events.ts';
import { receiveEvents } from '../calls/receive-events.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { silentNotifier } from '../platform/notifier.testing.ts';
import type { CallEvent } from '../telephony/port.ts';
import { deskState } from './desk-state.ts';
import type { Pop } from './contract.ts';
import type { TestCompany } from './testing.ts';
import { watchCalls } from './watch-calls.ts';
import { personById } from '../organization/person-store.ts';

/** For tests of what agents do: phones that ring at a TestCompany, with a clock that the test turns. */
export class RingingPhones {
  readonly db: Database;
  readonly company: TestCompany;
  readonly notifier = silentNotifier;
  readonly #watchers: CallWatcher[];
  #now = Date.UTC(2026, 10, 23, 9);
  readonly clock = { now: () => new Date(this.#now) };

  constructor(db: Database, company: TestCompany, watchers: CallWatcher[] = [watchCalls]) {
    this.db = db;
    this.company = company;
    this.#watchers = watchers;
  }

  /** What use cases of the desk are handed. */
  get deps() {
    const { db, notifier, clock } = this;
    return { db, notifier, clock };
  }

  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }

  viewer(extension: '201' | '202' | '203', change: Partial<Viewer> = {}): Viewer {
    return {
      organizationId: this.company.organizationId,
      personId: this.company.people[extension],
      userId: 'u',
      name: '',
      email: '',
      role: 'agent',
      plan: 'View',
      extension,
      mayNot: [],
      numbersMasked: false,
      ...change,
    };
  }

  /** A call from outside that rings at an extension, or that it makes; answers the call's id. */
  async ring(
    number: string,
    extension: '201' | '202' | '203' = '201',
    direction: 'inbound' | 'outbound' = 'inbound',
  ): Promise<string> {
    const call = newId();
    const parties =
      direction === 'inbound'
        ? { from: number, to: '+4930901820' }
        : { from: extension, to: number };
    await this.#happens(call, { type: 'call-started', direction, ...parties });
    await this.#happens(call, { type: 'leg-ringing', leg: extension, extension });
    const pop = (await this.pops(extension))[0];
    if (pop === undefined) throw new Error('The call is on nobody’s Desk.');
    this.#sources.set(pop.callId, call);
    return pop.callId;
  }

  async hangUp(callId: string): Promise<void> {
    await this.#happens(this.#sources.get(callId)!, { type: 'call-ended', cause: 'normal' });
  }

  async answer(callId: string, extension: '201' | '202' | '203' = '201'): Promise<void> {
    const source = this.#sources.get(callId)!;
    await this.#happens(source, { type: 'leg-answered', leg: extension, extension });
  }

  /** Hands an answered call on to another phone, which lifts at once. */
  async transfer(callId: string, from: '201' | '202' | '203', to: '201' | '202' | '203') {
    const source = this.#sources.get(callId)!;
    const place = { transfer: newId(), kind: 'blind', from, to };
    await this.#happens(source, { type: 'leg-ringing', leg: to, extension: to });
    await this.#happens(source, { type: 'transferred', ...place });
    await this.#happens(source, { type: 'leg-ended', leg: from, extension: from, cause: 'normal' });
    await this.answer(callId, to);
  }

  /** A call turns out to be part of another. */
  async merge(callId: string, into: string): Promise<void> {
    const source = this.#sources.get(into)!;
    await this.#happens(this.#sources.get(callId)!, { type: 'call-merged', into: source });
  }

  /** The pops of an extension's agent, newest first. */
  async pops(extension: '201' | '202' | '203' = '201'): Promise<Pop[]> {
    const { organizationId, people } = this.company;
    const person = await personById(this.db, organizationId, people[extension]);
    if (person === null) throw new Error('There is no such agent.');
    const { pops } = await deskState(this.deps, organizationId, person);
    return pops.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  }

  async pop(callId: string, extension: '201' | '202' | '203' = '201'): Promise<Pop> {
    const found = (await this.pops(extension)).find((pop) => pop.callId === callId);
    if (found === undefined) throw new Error('This call is not on the Desk.');
    return found;
  }

  readonly #sources = new Map<string, string>();

  async #happens(call: string, fact: object): Promise<void> {
    this.pass(1);
    const event = { call, at: this.clock.now(), ...fact } as CallEvent;
    const deps = { ...this.deps, log: testLog, watchers: this.#watchers };
    await receiveEvents(deps, this.company, [event]);
  }
}
