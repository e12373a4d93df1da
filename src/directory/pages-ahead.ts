/** Pages that may wait, fetched and prepared, while others are worked on: those of the next transaction. Each holds 0.7 MB. */
const mostAhead = 4;
/**
 * So many are worked on together, or fewer when the next ones do not come in time: four in one transaction cost the hub
 * a third and the database two thirds of what they cost one by one.
 */
const together = 4;
const lingerMs = 200;

/**
 * The pages, each prepared, four at once or as many as are ready after a moment. While they are worked on the next ones
 * are fetched, and prepared while yet others are on their way; at most four wait. Whoever stops early stops the
 * fetching too.
 */
export async function* pagesAhead<P, T>(
  open: (signal: AbortSignal) => AsyncGenerator<P, void, void>,
  signal: AbortSignal | undefined,
  prepare: (page: P) => Promise<T>,
): AsyncGenerator<T[], void, void> {
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal]);
  const pages = open(stopped);
  const waiting: Ahead<T>[] = [];
  const fetchMore = () => {
    while (waiting.length < mostAhead) waiting.push(ahead(pages, prepare));
  };
  try {
    for (;;) {
      fetchMore();
      const ready: T[] = [];
      while (ready.length === 0 || (ready.length < together && (await comesSoon(waiting[0])))) {
        const page = await unlessAborted(waiting.shift()?.page ?? nothing, stopped);
        if (page === null) {
          if (ready.length > 0) yield ready;
          return;
        }
        ready.push(page.prepared);
      }
      fetchMore();
      yield ready;
    }
  } finally {
    stop.abort();
    void pages.return().catch(() => {});
  }
}

/** A page on its way; `page` is null after the last one. */
interface Ahead<T> {
  page: Promise<{ prepared: T } | null>;
  ready: boolean;
}
const nothing = Promise.resolve(null);

function ahead<P, T>(
  pages: AsyncGenerator<P, void, void>,
  prepare: (page: P) => Promise<T>,
): Ahead<T> {
  const fetch = async () => {
    const page = await pages.next();
    return page.done === true ? null : { prepared: await prepare(page.value) };
  };
  const one: Ahead<T> = { page: fetch(), ready: false };
  one.page.then(
    () => (one.ready = true),
    // Awaited in its turn; until then its failure is nobody's.
    () => {},
  );
  return one;
}

/** Whether it is there in a moment; not when it failed, so that what came before it is worked on first. */
async function comesSoon<T>(next: Ahead<T> | undefined): Promise<boolean> {
  if (next === undefined || next.ready) return next !== undefined;
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), lingerMs);
  try {
    return await Promise.race([
      next.page.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
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
