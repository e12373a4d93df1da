import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { keepDoing } from '../platform/rounds.ts';
import { indexNext } from './index-directory.ts';
import { analyzePostings, placesToIndex } from './search-index-store.ts';

/** What took so long has changed the size of the index by much. */
const worthStatisticsMs = 5_000;

/**
 * This node's part in keeping the search of the mirror up to date; nodes share the work by a lock on each connection's index. Answers the
 * function that stops it after the step that is being made; the next one, anywhere, goes on.
 */
export function keepSearchIndexed({ db, log }: { db: Database; log: Log }): () => Promise<void> {
  const failed = 'the search of the mirror cannot be brought up to date';
  return keepDoing((signal) => indexAll(db, signal), { every: 1_000, log, failed });
}

async function indexAll(db: Database, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  // A step for each in turn: nobody's changes wait for the first index of somebody else.
  for (let moved = true; moved;) {
    moved = false;
    for (const place of await placesToIndex(db)) {
      if (signal.aborted) return;
      if (await inOrganization(place.organizationId, () => indexNext(db, place))) moved = true;
    }
  }
  if (performance.now() - begun > worthStatisticsMs) await analyzePostings(db);
}
