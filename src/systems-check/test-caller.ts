import { setTimeout as sleep } from 'node:timers/promises';
import { gatherEvents } from '../calls/gather-events.ts';
import type { CallDeps } from '../calls/book-events.ts';
import {
  finishTestCall,
  forgetCallsOfTests,
  noteHops,
  testCallById,
} from '../desk/test-call-store.ts';
import type { StoredTestCall } from '../desk/test-call-store.ts';
import type { CallEvent } from '../telephony/port.ts';
import { isComplete, testPatienceMs } from './test-call.ts';

/** Places test calls in this process; each takes seconds. */
export interface TestCaller {
  /** Returns at once; the promise it answers never rejects. `number` is whose call it is said to be. */
  call(test: StoredTestCall, number: string): Promise<void>;
  /** Ends what goes on here and waits for that. */
  stop(): Promise<void>;
}

/** @param patienceMs How long hops are waited for. */
export function createTestCaller(deps: CallDeps, patienceMs = testPatienceMs): TestCaller {
  const receive = gatherEvents(deps);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    call(test, number) {
      const ended: Promise<void> = conduct(test, number)
        .catch((error: unknown) =>
          deps.log.error({ err: error, testId: test.id }, 'a test call could not be ended'),
        )
        .finally(() => running.delete(ended));
      running.add(ended);
      return ended;
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };

  async function conduct(test: StoredTestCall, number: string): Promise<void> {
    const { db, clock, log } = deps;
    const { organizationId, phoneSystemId, id } = test;
    let fault: string | null = null;
    try {
      const after = () => Math.max(0, clock.now().getTime() - test.startedAt.getTime());
      const received = after();
      await receive({ organizationId, phoneSystemId }, ringing(test, number));
      await noteHops(db, test, { received, committed: after() });
      await waitForHops(test);
    } catch (error) {
      log.error({ err: error, organizationId, testId: id }, 'a test call broke down');
      fault = 'Something went wrong in Ringside itself; its log says what.';
    }
    if (stopping.signal.aborted) fault = 'The hub was stopped meanwhile. Start the test again.';
    // The number is somebody's: nothing of the call stays.
    await forgetCallsOfTests(db, organizationId, { id });
    await finishTestCall(db, test, clock.now(), fault);
    const hops = (await testCallById(db, test))?.hops;
    log.info({ organizationId, phoneSystemId, testId: id, hops }, 'test call over');
  }

  async function waitForHops(test: StoredTestCall): Promise<void> {
    const until = performance.now() + patienceMs;
    while (performance.now() < until && !stopping.signal.aborted) {
      const now = await testCallById(deps.db, test);
      if (now === null || isComplete(now)) return;
      await sleep(50, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
}

/** What a phone system tells when a call from outside begins to ring; at a phone that is nobody's. */
function ringing({ id, startedAt }: StoredTestCall, number: string): CallEvent[] {
  const about = { call: `test ${id}`, at: startedAt, test: id };
  return [
    { ...about, type: 'call-started', direction: 'inbound', from: number, to: null, queue: null },
    { ...about, type: 'leg-ringing', leg: 'test', extension: null },
  ];
}
