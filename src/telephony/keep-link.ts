import { setTimeout as sleep } from 'node:timers/promises';
import { backOff } from './back-off.ts';
import { LinkError } from './link-error.ts';
import type { LinkSink } from './port.ts';

/** One connection of a link that is up. */
export interface LinkSession {
  /** Resolves with the reason once it is gone. */
  closed: Promise<LinkError>;
}

/**
 * Connects, waits for the loss, and connects again, until the signal fires. The back-off starts anew once a session lasted. Never
 * throws: what goes wrong is told to the sink.
 */
export async function keepLink(
  connect: () => Promise<LinkSession>,
  sink: LinkSink,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const session = await connect();
      const since = Date.now();
      const reason = await session.closed;
      if (signal.aborted) return;
      failures = Date.now() - since > 10_000 ? 0 : failures + 1;
      await sink.down(reason);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      await sink.down(asLinkError(error));
    }
    await sleep(backOff(failures - 1), undefined, { signal }).catch(() => undefined);
  }
}

function asLinkError(error: unknown): LinkError {
  if (error instanceof LinkError) return error;
  return new LinkError(
    'failed',
    'The link failed inside Ringside.',
    'It is tried again by itself; see the log of Ringside.',
    error,
  );
}
