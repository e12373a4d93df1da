import PQueue from 'p-queue';

/**
 * At most four requests in flight per instance, whoever asks: an instance's REST semaphore commonly has four slots and
 * answers 429 beyond its queue (ServiceNow KB0635398). Connections to one origin share a lane.
 */
const inFlight = 4;
const lanes = new Map<string, { queue: PQueue; holders: number }>();

export interface Lane {
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  release(): void;
}

export function enterLane(origin: string): Lane {
  const lane = lanes.get(origin) ?? { queue: new PQueue({ concurrency: inFlight }), holders: 0 };
  lanes.set(origin, lane);
  lane.holders += 1;
  let held = true;
  return {
    run: (task, signal) => lane.queue.add(task, signal ? { signal } : {}),
    release: () => {
      if (!held) return;
      held = false;
      lane.holders -= 1;
      if (lane.holders === 0) lanes.delete(origin);
    },
  };
}
