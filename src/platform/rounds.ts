import type { Log } from './log.ts';

export interface RoundsOptions {
  /** Milliseconds between two looks. */
  every: number;
  log: Log;
  /** What is logged when a round fails; the next one comes all the same. */
  failed: string;
}

/**
 * Does some work again and again, never two rounds at once: a look that comes while one is under way is left out. Answers what ends it,
 * and waits for the round under way; that one's signal tells it to end soon.
 */
export function keepDoing(
  work: (signal: AbortSignal) => Promise<unknown>,
  { every, log, failed }: RoundsOptions,
): () => Promise<void> {
  const stop = new AbortController();
  let round: Promise<void> | null = null;
  const look = () => {
    round ??= work(stop.signal)
      .then(
        () => undefined,
        (error: unknown) => log.warn({ err: error }, failed),
      )
      .finally(() => (round = null));
  };
  const timer = setInterval(look, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stop.abort();
    await round;
  };
}
