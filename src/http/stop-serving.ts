import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export interface StopServingOptions {
  /** Milliseconds in which everything is served as before, for proxies to see that /readyz says no. */
  drainMs: number;
  /** Milliseconds for requests that are under way. */
  patienceMs: number;
  /** Tells live streams to come back elsewhere, or later. */
  endStreams(): void;
}

/**
 * Leaves nobody in the middle of an answer: takes no new connections, ends the live streams, waits for requests under way, then
 * closes the rest.
 */
export async function stopServing(
  app: FastifyInstance,
  { drainMs, patienceMs, endStreams }: StopServingOptions,
): Promise<void> {
  await sleep(drainMs);
  const { server } = app;
  const closed = new Promise<true>((resolve) => server.close(() => resolve(true)));
  endStreams();
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    // A kept connection falls idle only when its answer is out.
    server.closeIdleConnections();
    if (await Promise.race([closed, sleep(50, false, { ref: false })])) break;
  }
  await app.close();
}
