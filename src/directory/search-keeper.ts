import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { indexNext } from './index-directory.ts';
import { analyzePostings, placesToIndex } from './search-index-store.ts';

const lookMs = 1_000;
/** What took so long has changed the size of the index by much. */
const worthStatisticsMs = 5_000;

/** This node's part in keeping the search of the mirror up to date; nodes share the work by a lock on each connection's index. */
export class SearchKeeper {
  readonly #deps: { db: Database; log: Log };
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #working: Promise<void> | null = null;

  constructor(deps: { db: Database; log: Log }) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#timer.unref();
  }

  /** Ends after the step that is being made; the next one, anywhere, goes on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#working;
  }

  #look(): void {
    if (this.#working !== null || this.#stop.signal.aborted) return;
    this.#working = this.#work()
      .catch((error: unknown) =>
        this.#deps.log.warn(
          { err: error },
          'the search of the mirror cannot be brought up to date',
        ),
      )
      .finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    const { db } = this.#deps;
    const begun = performance.now();
    // A step for each in turn: nobody's changes wait for the first index of somebody else.
    for (let moved = true; moved;) {
      moved = false;
      for (const place of await placesToIndex(db)) {
        if (this.#stop.signal.aborted) return;
        if (await inOrganization(place.organizationId, () => indexNext(db, place))) moved = true;
      }
    }
    if (performance.now() - begun > worthStatisticsMs) await analyzePostings(db);
  }
}
