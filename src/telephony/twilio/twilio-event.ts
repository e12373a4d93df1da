import { z } from 'zod';
import { readEvent, readFields } from '../hook-body.ts';
import { id, moment, number, oneOf, text } from '../hook-field.ts';
import type { HookRequest } from '../port.ts';

/*
 * What Twilio posts to a statusCallback or recordingStatusCallback of a call (source: Twilio's public description of the voice
 * status callback). Fields that are not ours are let through unread.
 */

const statuses = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
] as const;

const twilioEvent = z.object({
  CallSid: id,
  /** The leg that this one was dialled from. */
  ParentCallSid: id.optional(),
  From: number.default(''),
  To: number.default(''),
  CallStatus: oneOf(...statuses).optional(),
  Direction: oneOf('inbound', 'outbound-api', 'outbound-dial', 'outbound').optional(),
  Timestamp: moment.optional(),
  SipResponseCode: text(8).optional(),
  RecordingSid: text(64).optional(),
});
export type TwilioEvent = z.output<typeof twilioEvent>;

/** Throws `invalid-input` that names each wrong field. */
export function readTwilioEvent(request: HookRequest): TwilioEvent {
  const fields = Object.entries(readFields(request)).filter(([, value]) => value !== '');
  return readEvent(twilioEvent, Object.fromEntries(fields), {
    message: 'This is not an event of a call as Twilio posts it.',
    fix: 'Use this address as the statusCallback of calls, with the events initiated, ringing, answered and completed.',
  });
}
