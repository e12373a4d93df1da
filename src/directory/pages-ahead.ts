import type { CrmConnection, RecordKind, RecordPage } from '../crm/port.ts';

/**
 * The pages, of which the next is fetched while one is worked on. Whoever stops early stops the
 * fetching too.
 */
export async function* pagesAhead(
  crm: Pick<CrmConnection, 'pull'>,
  kind: RecordKind,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordPage, void, void> {
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal]);
  const pages = crm.pull(kind, { signal: stopped });
  try {
    for (let next = pages.next(); ;) {
      const page = await unlessAborted(next, stopped);
      if (page.done === true) return;
      next = pages.next();
      // Awaited in the next turn; until then its failure is nobody's.
      next.catch(() => {});
      yield page.value;
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
