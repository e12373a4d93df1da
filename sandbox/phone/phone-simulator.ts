import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lookups } from '../company/lookups.ts';
import { scenario, type Scenario } from './scenario.ts';

export interface PhoneSimulatorOptions {
  /** Where the hub takes phone events: `http://127.0.0.1:4600/hooks/phone/…`. */
  hookUrl: string;
  lookups: Lookups;
  /** The agent who is to see the pops. */
  extension: string;
  /** A colleague whose phone rings along and who sometimes is quicker; '' for none. */
  colleague: string;
  seed: number;
  /** Signs the events when the phone system has a secret. */
  hmacSecret?: string;
  /** Seconds until the first ring. Default 3. */
  firstAfter?: number;
  /** Seconds between two calls, from and to. Default 12 to 30. */
  pause?: [number, number];
  /** Seconds become this many milliseconds; less makes calls shorter. Default 1000. */
  second?: number;
  /** Told of every call that begins, and of every failure to reach the hub. */
  onEvent?(text: string): void;
}

export interface PhoneSimulator {
  /** Hangs up what is ringing or talking, and stops. */
  stop(): Promise<void>;
  /** Places one call now, beside the others; resolves when it has ended. */
  call(scenario: Scenario): Promise<void>;
}

/** The number that the customers dial. */
const ownNumber = '+493023125000';
const postTimeout = 5000;

/** Rings the agent's phone every so often, by posting what a phone system would post (DESIGN §5, the generic CTI format). */
export function startPhoneSimulator(options: PhoneSimulatorOptions): PhoneSimulator {
  const {
    lookups,
    extension,
    colleague,
    seed,
    hookUrl,
    hmacSecret,
    firstAfter = 3,
    pause = [12, 30],
    second = 1000,
    onEvent = () => {},
  } = options;
  const stopping = new AbortController();
  const under: Set<Promise<void>> = new Set();

  async function wait(seconds: number): Promise<void> {
    await sleep(seconds * second, undefined, { signal: stopping.signal }).catch(() => {});
  }

  async function post(event: Record<string, unknown>): Promise<void> {
    const body = JSON.stringify(event);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (hmacSecret)
      headers['x-ringside-signature'] = createHmac('sha256', hmacSecret).update(body).digest('hex');
    try {
      const response = await fetch(hookUrl, {
        method: 'POST',
        body,
        headers,
        signal: AbortSignal.timeout(postTimeout),
      });
      await response.arrayBuffer();
      if (!response.ok) onEvent(`The hub refused a phone event: ${response.status}.`);
    } catch (error) {
      onEvent(
        `The hub cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async function place({
    from,
    who,
    outcome,
    ringSeconds,
    talkSeconds,
    queue,
  }: Scenario): Promise<void> {
    const callId = randomUUID();
    const call = { callId, from, to: ownNumber, direction: 'in' };
    const users = colleague !== '' && outcome !== 'busy' ? [extension, colleague] : [extension];
    onEvent(`Ringing: ${who} (${from})`);
    await post({ event: 'newCall', ...call, user: users, ...(queue === null ? {} : { queue }) });
    await wait(outcome === 'busy' ? 1 : ringSeconds);
    const answeredBy =
      outcome === 'answered'
        ? extension
        : outcome === 'answered elsewhere' && colleague !== ''
          ? colleague
          : null;
    if (answeredBy !== null && !stopping.signal.aborted) {
      await post({ event: 'answer', ...call, user: [answeredBy], answeringNumber: answeredBy });
      await wait(talkSeconds);
      await post({
        event: 'hangup',
        ...call,
        cause: 'normalClearing',
        answeringNumber: answeredBy,
      });
      return;
    }
    const cause = {
      missed: 'noAnswer',
      busy: 'busy',
      abandoned: 'cancel',
      answered: 'cancel',
      'answered elsewhere': 'cancel',
    }[outcome];
    await post({ event: 'hangup', ...call, cause });
  }

  function track(work: Promise<void>): Promise<void> {
    under.add(work);
    return work.finally(() => under.delete(work));
  }

  async function run(): Promise<void> {
    await wait(firstAfter);
    for (let n = 0; !stopping.signal.aborted; n++) {
      await place(scenario(lookups, seed, n));
      await wait(pause[0] + ((n * 7) % Math.max(1, pause[1] - pause[0] + 1)));
    }
  }

  void track(run());
  return {
    call: (one) => track(place(one)),
    async stop() {
      stopping.abort();
      await Promise.allSettled(under);
    },
  };
}
