import type { StoredTestCall } from '../desk/test-call-store.ts';
import { hopIds } from './test-call-contract.ts';
import type { Hop, HopId, TestCall } from './test-call-contract.ts';

/** How long a hop is waited for: a browser on a slow line has shown it long before. */
export const testPatienceMs = 10_000;
/** A test that goes on for so long lost its hub. */
export const lostAfterMs = 30_000;

/** From the phone system to the screen; more is felt. */
const slowMs = 1_000;

const titles: Record<HopId, string> = {
  received: 'The event goes in where those of the phone system do',
  committed: 'The call is in the database',
  matched: 'The number was looked up',
  streamed: 'It is on the live stream',
  shown: 'Your browser showed it',
};

type Outcome = Pick<Hop, 'status' | 'code' | 'detail' | 'fix'>;

/** The hops of a test as the screen shows them: the time of each, or that it never came and what to do. */
export function hopsOf(test: StoredTestCall): Hop[] {
  const over = test.finishedAt !== null;
  const missing = hopIds.find((id) => test.hops[id] === null) ?? null;
  return hopIds.map((id) => {
    const ms = test.hops[id];
    return { id, title: titles[id], ms, ...outcomeOf(id) };

    function outcomeOf(hop: HopId): Outcome {
      if (ms !== null) return came(test, hop);
      if (!over) return { ...blank, status: hop === missing ? 'running' : 'waiting' };
      if (hop !== missing) return { ...blank, status: 'skip', detail: 'It never came so far.' };
      return neverCame(test, hop);
    }
  });
}

const blank = { code: null, detail: '', fix: null } as const;
const passed = (detail: string): Outcome => ({ ...blank, status: 'pass', detail });

function came({ numberKnown, found, streams, shownIn, hops }: StoredTestCall, id: HopId): Outcome {
  if (id === 'matched' && !numberKnown) {
    return {
      status: 'warn',
      code: 'empty-mirror',
      detail: 'No contact with a telephone number has been pulled yet, so nobody can be found.',
      fix: 'Run the Systems Check of the connection: it pulls the contacts.',
    };
  }
  if (id === 'matched' && found === 0) {
    return {
      status: 'warn',
      code: 'not-found',
      detail: 'The number of a contact was looked up, and nobody was found.',
      fix: 'Try once more, the contact may just have changed. When it stays so, send the report to support.',
    };
  }
  if (id === 'matched')
    return passed(
      `The number of a contact was looked up: ${found === 1 ? 'one record has it' : `${found} records have it`}.`,
    );
  if (id === 'streamed')
    return passed(
      streams === 1 ? 'One browser of yours listens.' : `${streams} browsers of yours listen.`,
    );
  if (id === 'shown' && hops.shown !== null && hops.shown > slowMs) {
    return {
      status: 'warn',
      code: 'slow',
      detail: `${shownIn} answered, late: more than a second is felt.`,
      fix: 'The hop with the big step before it is the slow one. From the stream to the browser it is the network or a proxy.',
    };
  }
  return passed(id === 'shown' ? `${shownIn} showed it and answered.` : '');
}

function neverCame({ fault, streams }: StoredTestCall, id: HopId): Outcome {
  if (fault !== null) return { status: 'fail', code: 'fault', detail: fault, fix: null };
  if (id === 'streamed') {
    return {
      status: 'fail',
      code: 'no-stream',
      detail: 'None of your browsers has the live stream open.',
      fix: 'Keep a page of Ringside open in a browser that is online, and start again. When one was open, the proxy in front of the hub may refuse the stream /api/v1/desk/stream.',
    };
  }
  if (id === 'shown') {
    const to = streams === 1 ? 'one browser of yours' : `${streams} browsers of yours`;
    return {
      status: 'fail',
      code: 'not-shown',
      detail: `It was sent to ${to}, and none answered within ${testPatienceMs / 1000} s.`,
      fix: 'Open Ringside in a tab of its own and reload it, then start again. When it stays so, the proxy in front of the hub holds the stream back: switch its buffering off for /api/v1/desk/stream.',
    };
  }
  return {
    status: 'fail',
    code: 'never-came',
    detail: `It did not come so far within ${testPatienceMs / 1000} s.`,
    fix: 'Look for errors in the log of the hub at this time, and check Ringside itself: its database and its jobs.',
  };
}

/** All that can be seen has been. */
export function isComplete({ hops }: StoredTestCall): boolean {
  return hopIds.every((id) => hops[id] !== null);
}

/** A stored test as the API shows it. */
export function presentTestCall(test: StoredTestCall): TestCall {
  const hops = hopsOf(test);
  return {
    id: test.id,
    phoneSystemId: test.phoneSystemId,
    status: test.finishedAt === null ? 'running' : verdictOf(hops),
    startedAt: test.startedAt.toISOString(),
    startedBy: test.startedBy,
    hops,
  };
}

function verdictOf(hops: readonly Hop[]): TestCall['status'] {
  if (hops.some(({ status }) => status === 'fail')) return 'failed';
  return hops.some(({ status }) => status === 'warn') ? 'warned' : 'passed';
}
