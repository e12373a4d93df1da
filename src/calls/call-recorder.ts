import { mirrorAge } from '../directory/mirror-store.ts';
import { allOrganizations } from '../organization/organization-store.ts';
import { afterCommit } from '../platform/database/after-commit.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import type { BookedCall, CallWatcher } from './book-events.ts';
import type { Call } from './call.ts';
import { saveMatches } from './call-match-store.ts';
import type { PartyFound } from './call-match-store.ts';
import { movePhones, savePhones, saveShown } from './call-phone-store.ts';
import type { PhoneNote, ShownNote } from './call-phone-store.ts';
import { dropRecord, recordCall, undescribedCalls } from './call-record-store.ts';
import { describeCalls } from './describe-calls.ts';
import type { DescribeDeps } from './describe-calls.ts';

export interface CallRecorderDeps extends DescribeDeps {
  log: Log;
}

/** How long notes wait for others, so that many calls cost one write. */
const patienceMs = 500;
/** What a browser says of a pop that nobody here knows waits this long: it may be on its way from another node. */
const shownPatienceMs = 5_000;
const notesAtMost = 20_000;
const matchedRemembered = 5_000;
const describedAtOnce = 200;
const sweptAtMost = 5_000;

interface Notes {
  phones: PhoneNote[];
  matches: PartyFound[];
  shown: ShownNote[];
  ended: { organizationId: string; callId: string }[];
}

/**
 * Keeps what lists and explanations of calls need, beside the booking. That a call is over is written with its last event, in the
 * same transaction; everything else is noted in memory and written a moment later for many calls at once, so that no pop waits for it.
 * What a node that dies had in memory is found again by `sweep`, but for which browser got a pop.
 */
export class CallRecorder implements CallWatcher {
  readonly #deps: CallRecorderDeps;
  #notes: Notes = noNotes();
  /** Calls whose party was noted lately. */
  readonly #matched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: CallRecorderDeps) {
    this.#deps = deps;
  }

  async changed(trx: Database, call: BookedCall, before: Call | null): Promise<void> {
    const { organizationId, id: callId } = call;
    const at = this.#deps.clock.now();
    const seen = new Set(before?.legs.map(({ extension }) => extension));
    const phones = call.legs.flatMap(({ extension, ringingAt }) =>
      extension === null || seen.has(extension)
        ? []
        : [{ organizationId, callId, extension, at, rangAt: ringingAt }],
    );
    const over = call.result !== null && !isListedAlike(call, before);
    if (over) await recordCall(trx, call);
    if (phones.length === 0 && !over) return;
    await afterCommit(trx, () => {
      this.#notes.phones.push(...phones);
      if (over) this.#notes.ended.push({ organizationId, callId });
      this.#wake();
    });
  }

  async merged(trx: Database, organizationId: string, from: string, into: string): Promise<void> {
    await dropRecord(trx, organizationId, from);
    await movePhones(trx, organizationId, from, into);
  }

  /** Somebody was looked up for a call, also again and again; only what is found first is kept. */
  matched(found: Omit<PartyFound, 'at'>): void {
    if (this.#matched.has(found.callId)) return;
    this.#matched.add(found.callId);
    const [oldest] = this.#matched;
    if (this.#matched.size > matchedRemembered && oldest !== undefined)
      this.#matched.delete(oldest);
    this.#notes.matches.push({ ...found, at: this.#deps.clock.now() });
    this.#wake();
  }

  /** A pop went to so many browsers of whoever has the extension. */
  sent(note: Omit<PhoneNote, 'at'> & { browsers: number }): void {
    this.#notes.phones.push({ ...note, at: this.#deps.clock.now() });
    this.#wake();
  }

  /** Somebody said who the other party of a call is, or took that back. */
  reconsider(organizationId: string, callId: string): void {
    this.#notes.ended.push({ organizationId, callId });
    this.#wake();
  }

  shown(notes: readonly ShownNote[]): void {
    this.#notes.shown.push(...notes);
    this.#wake();
  }

  /** Writes what was noted; what comes meanwhile is written by the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeNotes());
    return this.#writing;
  }

  async #writeNotes(): Promise<void> {
    const notes = this.#notes;
    this.#notes = noNotes();
    for (const organizationId of organizationsOf(notes))
      await inOrganization(organizationId, () => this.#write(organizationId, notes));
  }

  /** Looks up who the parties of calls were that are over and were left behind. For a schedule; answers how many. */
  async sweep(): Promise<number> {
    let done = 0;
    for (const { id } of await allOrganizations(this.#deps.db))
      done += await inOrganization(id, () => this.#sweepOne(id, sweptAtMost - done));
    return done;
  }

  async #sweepOne(organizationId: string, most: number): Promise<number> {
    let done = 0;
    while (done < most) {
      const calls = await undescribedCalls(this.#deps.db, organizationId, describedAtOnce);
      await describeCalls(this.#deps, organizationId, calls);
      done += calls.length;
      if (calls.length < describedAtOnce) break;
    }
    return done;
  }

  /** Writes what is left. */
  close(): Promise<void> {
    return this.flush();
  }

  async #write(organizationId: string, notes: Notes): Promise<void> {
    const { db, clock, log } = this.#deps;
    const own = <T extends { organizationId: string }>(list: readonly T[]) =>
      list.filter((note) => note.organizationId === organizationId);
    try {
      await savePhones(db, organizationId, own(notes.phones));
      const matches = own(notes.matches);
      if (matches.length > 0)
        await saveMatches(db, organizationId, matches, await mirrorAge(db, organizationId));
      const early = await saveShown(db, organizationId, own(notes.shown));
      const since = clock.now().getTime() - shownPatienceMs;
      const waiting = early.filter(({ at }) => at.getTime() > since);
      if (waiting.length > 0) this.shown(waiting);
      const ended = [...new Set(own(notes.ended).map(({ callId }) => callId))];
      for (let from = 0; from < ended.length; from += describedAtOnce)
        await describeCalls(this.#deps, organizationId, ended.slice(from, from + describedAtOnce));
    } catch (error) {
      // Nothing depends on it but explanations; who the parties were is found again by the sweep.
      log.warn({ err: error }, 'notes on calls could not be kept');
    }
  }

  #wake(): void {
    // A database that is away must not fill the memory.
    for (const list of Object.values(this.#notes) as unknown[][])
      if (list.length > notesAtMost) list.splice(0, list.length - notesAtMost);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.flush(), patienceMs);
    this.#timer.unref();
  }
}

function noNotes(): Notes {
  return { phones: [], matches: [], shown: [], ended: [] };
}

function organizationsOf(notes: Notes): Set<string> {
  const lists: readonly { organizationId: string }[][] = Object.values(notes);
  return new Set(lists.flat().map(({ organizationId }) => organizationId));
}

/** Whether the lists hold the call already as it is. */
function isListedAlike(call: Call, before: Call | null): boolean {
  return (
    before?.result === call.result &&
    before.direction === call.direction &&
    before.queue === call.queue &&
    before.from === call.from &&
    before.to === call.to &&
    Number(before.startedAt) === Number(call.startedAt)
  );
}
