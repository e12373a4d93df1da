import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OriginateOrder, OriginateOutcome } from '../port.ts';
import { readDialled } from '../dialled.ts';
import { cleanText } from '../../platform/text.ts';
import type { AmiConnection } from './ami-connection.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import type { Phones } from './ami-phones.ts';

const ringMs = 25_000;
/** A hang-up comes right before or after the response. */
const hangupWaitMs = 500;

interface Placing {
  /** Null: no word came. */
  responded: PromiseWithResolvers<AmiMessage | null>;
  hungUp: PromiseWithResolvers<string>;
}

/** Calls placed from the Desk: rings the agent's phone and, once it is lifted, dials. */
export interface Originator {
  onEvents(messages: readonly AmiMessage[]): void;
  originate(connection: AmiConnection, order: OriginateOrder): Promise<OriginateOutcome>;
}

export function createOriginator(phonesOf: () => Phones, context: string): Originator {
  const waiting = new Map<string, Placing>();
  return {
    onEvents(messages) {
      for (const message of messages) {
        const placing = waiting.get(valueOf(message, 'Uniqueid'));
        const event = valueOf(message, 'Event');
        if (event === 'OriginateResponse') placing?.responded.resolve(message);
        if (event === 'Hangup') placing?.hungUp.resolve(valueOf(message, 'Cause'));
      }
    },
    async originate(connection, { extension, number }) {
      const target = readDialled(number);
      const phone = phonesOf().get(readDialled(extension)) ?? `Local/${extension}@${context}`;
      const id = `ringside-${randomUUID()}`;
      const placing: Placing = {
        responded: Promise.withResolvers(),
        hungUp: Promise.withResolvers(),
      };
      waiting.set(id, placing);
      const giveUp = () => placing.responded.resolve(null);
      const timer = setTimeout(giveUp, ringMs + 5_000);
      void connection.closed.then(giveUp);
      try {
        const answer = await connection.action({
          Action: 'Originate',
          Channel: phone,
          Context: context,
          Exten: target,
          Priority: '1',
          // The phone shows whom it is about to call; the dialplan sees which extension calls.
          CallerID: `"Call ${target}" <${extension}>`,
          Timeout: String(ringMs),
          Async: 'true',
          ChannelId: id,
        });
        if (valueOf(answer, 'Response') !== 'Success')
          return { ok: false, ...refusal(valueOf(answer, 'Message'), target, context) };
        const response = await placing.responded.promise;
        if (response === null) return { ok: false, ...noWord };
        if (valueOf(response, 'Response') === 'Success') return { ok: true, call: id };
        const cause = Promise.race([placing.hungUp.promise, sleep(hangupWaitMs, '')]);
        return { ok: false, ...failure(valueOf(response, 'Reason'), await cause, extension) };
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
  };
}

const noWord = {
  message: 'The phone system did not say what became of the call.',
  fix: 'The link to it may just have been lost. Look at your phone, or try again.',
};

function refusal(said: string, target: string, context: string) {
  if (/extension does not exist/i.test(said))
    return {
      message: `The phone system does not know how to dial ${target}.`,
      fix: `Check the number. If every number is refused, '${context}' is not the context of your phones: an administrator can change it under Phone Systems.`,
    };
  if (/permission|privilege/i.test(said))
    return {
      message: 'Ringside may not place calls at this phone system.',
      fix: 'Its manager user needs write = originate.',
    };
  return {
    message: `The phone system refused the call: '${cleanText(said, 120)}'.`,
    fix: 'Try again, or dial on your phone.',
  };
}

/**
 * Reasons of OriginateResponse: 3 nobody lifted, 5 busy, 8 congestion, 0 and 1 anything else. Asterisk 22 with PJSIP says 0 also for a
 * busy or declining phone; then the cause of its hang-up (17, 21) tells.
 */
function failure(reason: string, cause: string, extension: string) {
  if (reason === '3')
    return {
      message: `You did not pick up: the phone ${extension} rang for ${ringMs / 1000} seconds.`,
      fix: 'Call again and lift the phone when it rings.',
    };
  if (reason === '5' || cause === '17' || cause === '21')
    return {
      message: `Your phone ${extension} is busy or declined the call.`,
      fix: 'End the other call first, or switch do-not-disturb off.',
    };
  if (reason === '8')
    return {
      message: `The phone system has no line free to ring ${extension}.`,
      fix: 'Try again in a moment.',
    };
  return {
    message: `Your phone ${extension} cannot be reached.`,
    fix: 'Check that it is switched on and registered at the phone system.',
  };
}
