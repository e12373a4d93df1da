/**
 * One session does one transaction at a time; the others wait in line, and whoever comes when more than ten wait is turned away with a 202 that looks
 * like success (§1.7). Only clients that keep cookies get here.
 */
export interface SessionQueue {
  /** Waits for the turn; null when the line is too long. Call the answer when done. */
  enter(sessionId: string): Promise<(() => void) | null>;
}

const lineAtMost = 10;

export function createSessionQueue(): SessionQueue {
  const lines = new Map<string, { waiting: number; last: Promise<void> }>();

  return {
    async enter(sessionId) {
      const line = lines.get(sessionId) ?? { waiting: 0, last: Promise.resolve() };
      lines.set(sessionId, line);
      // the one at work does not count as waiting
      if (line.waiting > lineAtMost) return null;
      line.waiting++;
      const before = line.last;
      const turn = Promise.withResolvers<void>();
      line.last = turn.promise;
      await before;
      return () => {
        line.waiting--;
        if (line.waiting === 0) lines.delete(sessionId);
        turn.resolve();
      };
    },
  };
}
