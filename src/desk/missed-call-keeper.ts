import { bookMissedCalls } from './book-missed-calls.ts';
import type { BookMissedCallsDeps } from './book-missed-calls.ts';

const lookMs = 1_000;

/** This node's part in keeping the list of missed calls: it looks every second at what was noted. Answers the function that stops it. */
export function keepMissedCalls(deps: BookMissedCallsDeps): () => Promise<void> {
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= bookMissedCalls(deps)
      .then(
        () => undefined,
        (error: unknown) => deps.log.warn({ err: error }, 'missed calls could not be listed'),
      )
      .finally(() => (looking = null));
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
