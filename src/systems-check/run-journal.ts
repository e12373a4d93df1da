import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import type { Findings } from './run.ts';
import { saveFindings } from './store.ts';
import type { RunClaim } from './store.ts';

/**
 * Keeps the row of a running run up to date: what was found is written at most four times a second, and a sign of life
 * every few seconds though nothing changed. Learns from the row that somebody wants the run cancelled, or that it is not
 * ours any more.
 */
export interface RunJournal {
  readonly findings: Findings;
  update(change: (findings: Findings) => Findings): void;
  /** Writes nothing after this; what is being written is waited for. */
  close(): Promise<void>;
}

const writeEveryMs = 250;
const signOfLifeMs = 3000;

export interface JournalDeps {
  db: Database;
  log: Log;
  onCancel(): void;
  onGone(): void;
}

export function openRunJournal(deps: JournalDeps, key: RunClaim, start: Findings): RunJournal {
  let findings = start;
  let saved = start;
  let savedAt = performance.now();
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    saved = findings;
    savedAt = performance.now();
    try {
      const answer = await saveFindings(deps.db, key, saved);
      if (answer === 'cancel') deps.onCancel();
      if (answer === 'gone') deps.onGone();
    } catch (error) {
      // The next write tells all of it again.
      deps.log.warn({ err: error, run: key.id }, 'progress of a systems check was not written');
    }
  }

  const timer = setInterval(() => {
    const due = findings !== saved || performance.now() - savedAt > signOfLifeMs;
    if (due && writing === null) writing = write().finally(() => (writing = null));
  }, writeEveryMs);

  return {
    get findings() {
      return findings;
    },
    update(change) {
      findings = change(findings);
    },
    async close() {
      clearInterval(timer);
      await writing;
    },
  };
}
