import { z } from 'zod';
import { readEvent, readFields } from '../hook-body.ts';
import { id, number, oneOf, text } from '../hook-field.ts';
import type { HookRequest } from '../port.ts';

/*
 * What sipgate.io posts: a form (source: sipgateio 2.15 and the public description of its push API). Numbers come without '+';
 * fields that are not ours are let through unread.
 */

const list = z
  .union([z.array(text(64)).max(100, { error: 'must name at most 100 users' }), text(64)])
  .transform((given) => [given].flat().filter((item) => item !== ''));

const common = {
  callId: id,
  /** A redirected call goes on under a new callId; this one stays. */
  origCallId: id.optional(),
  from: number.optional(),
  to: number.optional(),
  direction: oneOf('in', 'out').optional(),
  /** `w12`, and with the account before it `1234567w12`. */
  userId: list.optional(),
  fullUserId: list.optional(),
};

const sipgateEvent = z.discriminatedUnion(
  'event',
  [
    z.object({
      event: z.literal('newCall'),
      ...common,
      from: number,
      to: number,
      direction: oneOf('in', 'out'),
    }),
    z.object({ event: z.literal('answer'), ...common }),
    z.object({
      event: z.literal('hangup'),
      ...common,
      cause: oneOf(
        'normalClearing',
        'busy',
        'cancel',
        'noAnswer',
        'congestion',
        'notFound',
        'forwarded',
      ).optional(),
    }),
    z.object({ event: z.literal('dtmf'), ...common }),
  ],
  { error: 'must be newCall, answer, hangup or dtmf' },
);
export type SipgateEvent = z.output<typeof sipgateEvent>;

/** Throws `invalid-input` that names each wrong field. */
export function readSipgateEvent(request: HookRequest): SipgateEvent {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(readFields(request))) {
    if (value !== '') fields[name.replace(/\[\]$/, '')] = value;
  }
  return readEvent(sipgateEvent, fields, {
    message: 'This is not an event as sipgate posts it.',
    fix: 'Let sipgate.io post to this address; for another phone system choose another kind.',
  });
}
