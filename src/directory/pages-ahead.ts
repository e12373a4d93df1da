/**
 * The pages, each prepared; the next one is fetched and prepared while one is worked on. Whoever
 * stops early stops the fetching too.
 */
export async function* pagesAhead<P, T>(
  open: (signal: AbortSignal) => AsyncGenerator<P, void, void>,
  signal: AbortSignal | undefined,
  prepare: (page: P) => Promise<T>,
): AsyncGenerator<T, void, void> {
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal]);
  const pages = open(stopped);
  const fetch = async () => {
    const page = await pages.next();
    return page.done === true ? null : { prepared: await prepare(page.value) };
  };
  try {
    for (let next = fetch(); ;) {
      const page = await unlessAborted(next, stopped);
      if (page === null) return;
      next = fetch();
      // Awaited in the next turn; until then its failure is nobody's.
      next.catch(() => {});
      yield page.prepared;
    }
  } finally {
    stop.abort();
    void pages.return().catch(() => {});
  }
}

/** A CRM adapter that does not listen to its signal must not hold the pull. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
