import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readEvent, readFields } from '../hook-body.ts';
import { number, oneOf, text } from '../hook-field.ts';
import type { CallEvent, HookRequest } from '../port.ts';

/* What the CRM template makes 3CX post when a call is over. It names no call: number, agent and start make one. */

const when = z
  .string({ error: 'must be text' })
  .transform((raw) => {
    const told = raw.trim().slice(0, 64);
    // Said to be UTC, and sometimes written without a zone.
    return new Date(/[zZ]$|[+-]\d\d:?\d\d$/.test(told) ? told : `${told.replace(' ', 'T')}Z`);
  })
  .refine((at) => !Number.isNaN(at.getTime()), { error: 'must be a time' });

const report = z.object({
  CallType: oneOf('Inbound', 'Outbound', 'Missed', 'Notanswered'),
  Number: number,
  Agent: text(16).default(''),
  QueueExtension: text(32).default(''),
  CallStartTimeUTC: when,
  CallEstablishedTimeUTC: when.optional().catch(undefined),
  CallEndTimeUTC: when.optional().catch(undefined),
});

/** A call that is over, as facts. Throws `invalid-input` that names each wrong field. */
export function readCallReport(request: HookRequest): CallEvent[] {
  const told = readEvent(report, readFields(request), {
    message: 'This is not a call as the CRM template reports it.',
    fix: 'Download the template in the Admin Portal again and give it to 3CX.',
  });
  const { CallType: type, Number: caller, Agent: agent, CallStartTimeUTC: at } = told;
  const end = told.CallEndTimeUTC ?? request.receivedAt;
  const answer = told.CallEstablishedTimeUTC ?? at;
  const outbound = type === 'Outbound' || type === 'Notanswered';
  const answered = type === 'Inbound' || type === 'Outbound';
  const identity = `${caller}|${agent}|${at.toISOString()}`;
  const call = `report-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
  const queue = told.QueueExtension || null;
  const facts: CallEvent[] = [
    outbound
      ? {
          type: 'call-started',
          call,
          at,
          direction: 'outbound',
          from: agent || null,
          to: caller,
          queue,
        }
      : { type: 'call-started', call, at, direction: 'inbound', from: caller, to: null, queue },
  ];
  const leg = outbound ? call : agent;
  if (agent !== '')
    facts.push({ type: outbound ? 'leg-placed' : 'leg-ringing', call, at, leg, extension: agent });
  if (answered && outbound)
    facts.push({ type: 'leg-answered', call, at: answer, leg: 'outside', extension: null });
  else if (answered && agent !== '')
    facts.push({ type: 'leg-answered', call, at: answer, leg, extension: agent });
  return [
    ...facts,
    { type: 'call-ended', call, at: end, cause: answered ? 'normal' : 'no-answer' },
  ];
}
