import { logCalls } from './log-calls.ts';
import type { LogCallsDeps } from './log-calls.ts';
import type { Log } from '../platform/log.ts';

const lookMs = 1_000;

/** This node's part in having calls written down: it looks every second at those that ended. Answers the function that stops it. */
export function keepLoggingCalls(deps: LogCallsDeps & { log: Log }): () => Promise<void> {
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= logCalls(deps)
      .then(
        () => undefined,
        (error: unknown) => deps.log.warn({ err: error }, 'calls could not be written down'),
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
