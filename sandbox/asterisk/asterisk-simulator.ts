import { setTimeout as sleep } from 'node:timers/promises';
import type { Lookups } from '../company/lookups.ts';
import { scenario } from '../phone/scenario.ts';
import type { Scenario } from '../phone/scenario.ts';
import type { TestAsterisk } from './asterisk.ts';
import { SipPhone } from './sip-phone.ts';

export interface AsteriskSimulatorOptions {
  asterisk: TestAsterisk;
  lookups: Lookups;
  seed: number;
  /** Told of every call that begins. */
  onEvent(text: string): void;
}

/** What the dialplan in etc/extensions.conf does with a number. */
const numbers = { direct: '+12025550101', group: '+12025550130', queue: '+12025550110' };

/**
 * Customers who call the office of a real Asterisk every so often, and the phones of two agents who answer or do not. A call that an
 * agent places from the Desk is answered at both ends too.
 */
export async function startAsteriskSimulator(
  options: AsteriskSimulatorOptions,
): Promise<{ stop(): Promise<void> }> {
  const { asterisk, lookups, seed, onEvent } = options;
  const stopping = new AbortController();
  const phoneOf = (user: string, ip: string) =>
    new SipPhone({ user, password: `pw${user}`, ip, server: asterisk.ip }).start();
  const alice = await phoneOf('101', asterisk.phoneIp(21));
  const bob = await phoneOf('102', asterisk.phoneIp(22));
  const carrier = await phoneOf('carrier', asterisk.carrierIp);
  const phones = [alice, bob, carrier];
  await alice.register();
  await bob.register();
  const wait = (seconds: number) =>
    sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function place(call: Scenario): Promise<void> {
    const { who, from, outcome, queue, ringSeconds, talkSeconds } = call;
    onEvent(`Ringing: ${who} (${from})`);
    for (const phone of [alice, bob]) phone.ringOnly();
    if (outcome === 'answered') alice.answerAfter(ringSeconds * 1000);
    if (outcome === 'answered elsewhere') bob.answerAfter(ringSeconds * 1000);
    if (outcome === 'busy') alice.onCall = (incoming) => incoming.reject(486, 'Busy Here');
    const both = queue !== null || outcome === 'answered elsewhere';
    const number = queue !== null ? numbers.queue : both ? numbers.group : numbers.direct;
    const placed = carrier.dial(outcome === 'busy' ? numbers.direct : number, {
      name: '',
      number: from,
    });
    if (outcome === 'abandoned' || outcome === 'missed') await wait(ringSeconds);
    else await Promise.race([placed.done, wait(ringSeconds + 2)]);
    if (outcome !== 'busy' && !outcome.startsWith('answered')) {
      // A queue answers the line itself: then the caller hangs up, else they give up.
      if (placed.state === 'up') await placed.hangUp();
      else if (placed.state === 'new') placed.cancel();
      return;
    }
    await wait(outcome === 'busy' ? 0 : ringSeconds + talkSeconds);
    if (placed.state === 'up') await placed.hangUp();
  }

  /** Between two calls the phones take what an agent calls from the Desk. */
  function standBy(): void {
    for (const phone of phones) phone.answerAfter(2_000);
  }

  async function run(): Promise<void> {
    standBy();
    await wait(3);
    for (let n = 0; !stopping.signal.aborted; n++) {
      await place(scenario(lookups, seed, n)).catch((error: unknown) =>
        onEvent(`A call failed: ${String(error)}`),
      );
      standBy();
      await wait(12 + ((n * 7) % 18));
    }
  }

  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
      for (const phone of phones) phone.stop();
    },
  };
}
