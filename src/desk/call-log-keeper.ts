import { keepDoing } from '../platform/rounds.ts';
import { logCalls } from './log-calls.ts';
import type { LogCallsDeps } from './log-calls.ts';
import type { Log } from '../platform/log.ts';

/** This node's part in having calls written down: it looks every second at those that ended. Answers the function that stops it. */
export function keepLoggingCalls(deps: LogCallsDeps & { log: Log }): () => Promise<void> {
  const failed = 'calls could not be written down';
  return keepDoing(() => logCalls(deps), { every: 1_000, log: deps.log, failed });
}
