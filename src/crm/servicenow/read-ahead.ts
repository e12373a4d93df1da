/**
 * Runs a generator one step ahead of its reader, so that the next page travels while the current one is worked on.
 * Never more than one ahead. When the reader stops early, what is under way is cancelled by the signal handed to `start`.
 */
export async function* readAhead<T>(
  start: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
  outer?: AbortSignal,
): AsyncGenerator<T, void, void> {
  const stop = new AbortController();
  const source = start(outer ? AbortSignal.any([outer, stop.signal]) : stop.signal);
  let next = source.next();
  try {
    for (;;) {
      const current = await next;
      if (current.done) return;
      next = source.next();
      // A failure is thrown when the reader comes for it; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield current.value;
    }
  } finally {
    stop.abort();
    await source.return().catch(() => undefined);
  }
}
