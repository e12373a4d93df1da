import type { PhoneEvent } from '../telephony/port.ts';
import type { CallDeps } from './book-events.ts';
import { KeptCalls } from './kept-calls.ts';
import { receiveEvents, receiveTogether } from './receive-events.ts';
import type { Told } from './receive-events.ts';
import type { EventSource } from './store.ts';

/** Books the events of a phone system; resolves once they are committed. */
export type ReceiveEvents = (source: EventSource, events: readonly PhoneEvent[]) => Promise<void>;

interface Waiting extends Told {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Batches under way at a time: while one waits for the disk, others are put together. */
const atOnce = 4;

/**
 * Books what many phone systems tell, with few commits: what comes while an organization's batch is being committed waits and goes on
 * as one, whichever of its phone systems told it. One batch of an organization is under way at a time, so that events keep
 * their order. The promise is that of the own events: it resolves once they are committed, and what is wrong with those
 * of another phone system does not reject it.
 */
export function gatherEvents(deps: CallDeps): ReceiveEvents {
  const kept = new KeptCalls();
  const waiting = new Map<string, Waiting[]>();
  const underWay = new Set<string>();

  function next(): void {
    for (const [organizationId, batch] of waiting) {
      if (underWay.size >= atOnce) return;
      if (underWay.has(organizationId)) continue;
      waiting.delete(organizationId);
      underWay.add(organizationId);
      void keep({ kept, ...deps }, organizationId, batch).finally(() => {
        underWay.delete(organizationId);
        next();
      });
    }
  }

  return async (source, events) => {
    if (events.length === 0) return;
    const { organizationId } = source;
    const kept = new Promise<void>((resolve, reject) => {
      const batch = waiting.get(organizationId) ?? [];
      waiting.set(organizationId, batch);
      batch.push({ source, events, resolve, reject });
    });
    // What comes in the same moment goes along.
    queueMicrotask(next);
    await kept;
  };
}

/** Never rejects: each is told its own end. */
async function keep(
  deps: CallDeps,
  organizationId: string,
  batch: readonly Waiting[],
): Promise<void> {
  try {
    const bySystem = Map.groupBy(batch, ({ source }) => source.phoneSystemId);
    await receiveTogether(
      deps,
      organizationId,
      [...bySystem.values()].map((told) => ({
        source: told[0]!.source,
        events: told.flatMap(({ events }) => events),
      })),
    );
    for (const { resolve } of batch) resolve();
  } catch {
    // One of them is to blame; alone it harms nobody else. Telling a thing twice changes nothing.
    for (const { source, events, resolve, reject } of batch)
      await receiveEvents(deps, source, events).then(resolve, reject);
  }
}
