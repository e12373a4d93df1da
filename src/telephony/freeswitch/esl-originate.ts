import { randomUUID } from 'node:crypto';
import { cleanText } from '../../platform/text.ts';
import { readDialled } from '../dialled.ts';
import type { OriginateOrder, OriginateOutcome } from '../port.ts';
import type { EslConnection } from './esl-client.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';

const ringSeconds = 25;

/** Calls placed from the Desk: rings the agent's phone and, once it is lifted, dials. */
export interface Originator {
  onEvents(events: readonly EslEvent[]): void;
  originate(connection: EslConnection, order: OriginateOrder): Promise<OriginateOutcome>;
}

export function createOriginator({
  domain,
  context,
}: {
  domain: string;
  context: string;
}): Originator {
  /** Of the jobs that run: the id of the call -> what to do with the job's words. */
  const waiting = new Map<string, (words: string | null) => void>();
  return {
    onEvents(events) {
      for (const event of events) {
        if (fieldOf(event, 'Event-Name') !== 'BACKGROUND_JOB') continue;
        const call = /origination_uuid=([\w-]+)/.exec(fieldOf(event, 'Job-Command-Arg'))?.[1];
        if (call !== undefined) waiting.get(call)?.(event.body);
      }
    },
    async originate(connection, order) {
      // Nothing else than digits reaches the dial string, where {}, & and ^^ have a meaning.
      const extension = readDialled(order.extension);
      const number = readDialled(order.number);
      const call = randomUUID();
      const phone = domain === '' ? `user/${extension}` : `user/${extension}@${domain}`;
      const variables = [
        `origination_uuid=${call}`,
        'cti_ref=ringside',
        `origination_caller_id_number=${number}`,
        `originate_timeout=${ringSeconds}`,
      ].join(',');
      const { promise, resolve } = Promise.withResolvers<string | null>();
      waiting.set(call, resolve);
      const timer = setTimeout(() => resolve(null), (ringSeconds + 5) * 1000);
      void connection.closed.then(() => resolve(null));
      try {
        const said = await connection.command(
          `bgapi originate {${variables}}${phone} ${number} XML ${context}`,
        );
        if (!said.startsWith('+OK')) return { ok: false, ...refusal(said) };
        const words = await promise;
        if (words === null) return { ok: false, ...noWord };
        return words.startsWith('+OK')
          ? { ok: true, call }
          : { ok: false, ...failure(words.replace(/^-ERR\s*/, '').trim(), extension) };
      } finally {
        clearTimeout(timer);
        waiting.delete(call);
      }
    },
  };
}

const noWord = {
  message: 'The phone system did not say what became of the call.',
  fix: 'The link to it may just have been lost. Look at your phone, or try again.',
};

function refusal(said: string) {
  return {
    message: `The phone system refused the call: '${cleanText(said, 120)}'.`,
    fix: 'Try again, or dial on your phone.',
  };
}

/** What FreeSWITCH calls the hang-up of the agent's own phone. */
function failure(cause: string, extension: string) {
  if (/^(NO_ANSWER|ALLOTTED_TIMEOUT|NO_USER_RESPONSE)$/.test(cause))
    return {
      message: `You did not pick up: the phone ${extension} rang for ${ringSeconds} seconds.`,
      fix: 'Call again and lift the phone when it rings.',
    };
  if (/^(USER_BUSY|CALL_REJECTED)$/.test(cause))
    return {
      message: `Your phone ${extension} is busy or declined the call.`,
      fix: 'End the other call first, or switch do-not-disturb off.',
    };
  if (/^(USER_NOT_REGISTERED|SUBSCRIBER_ABSENT|DESTINATION_OUT_OF_ORDER)$/.test(cause))
    return {
      message: `Your phone ${extension} cannot be reached.`,
      fix: 'Check that it is switched on and registered at the phone system.',
    };
  return {
    message: `The phone system could not ring ${extension}: ${cleanText(cause, 60) || 'it does not say why'}.`,
    fix: "Try again. If it never works, an administrator should check 'Domain of the phones' under Phone Systems.",
  };
}
