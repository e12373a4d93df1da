import { keepDoing } from '../platform/rounds.ts';
import { bookMissedCalls } from './book-missed-calls.ts';
import type { BookMissedCallsDeps } from './book-missed-calls.ts';

/** This node's part in keeping the list of missed calls: it looks every second at what was noted. Answers the function that stops it. */
export function keepMissedCalls(deps: BookMissedCallsDeps): () => Promise<void> {
  const failed = 'missed calls could not be listed';
  return keepDoing(() => bookMissedCalls(deps), { every: 1_000, log: deps.log, failed });
}
