import PQueue from 'p-queue';

/**
 * At most four requests in flight per instance, whoever asks: an instance's REST semaphore commonly has four slots and
 * answers 429 beyond its queue (ServiceNow KB0635398). Connections to one origin share a lane.
 */
const inFlight = 4;
/** Answers in a row after which a narrowed lane is widened by one. */
const calm = 50;
const lanes = new Map<string, { queue: PQueue; holders: number; good: number }>();

export interface Lane {
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The instance has too much to do and does not say until when: half as many at a time from now on. */
  narrow(): void;
  /** A request was answered as it should. */
  good(): void;
  release(): void;
}

export function enterLane(origin: string): Lane {
  const fresh = { queue: new PQueue({ concurrency: inFlight }), holders: 0, good: 0 };
  const lane = lanes.get(origin) ?? fresh;
  lanes.set(origin, lane);
  lane.holders += 1;
  let held = true;
  return {
    run: (task, signal) => lane.queue.add(task, signal ? { signal } : {}),
    narrow() {
      lane.good = 0;
      lane.queue.concurrency = Math.max(1, Math.floor(lane.queue.concurrency / 2));
    },
    good() {
      lane.good += 1;
      if (lane.good % calm === 0)
        lane.queue.concurrency = Math.min(inFlight, lane.queue.concurrency + 1);
    },
    release: () => {
      if (!held) return;
      held = false;
      lane.holders -= 1;
      if (lane.holders === 0) lanes.delete(origin);
    },
  };
}
