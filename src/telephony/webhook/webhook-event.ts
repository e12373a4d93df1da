import { z } from 'zod';
import { readEvent, readFields } from '../hook-body.ts';
import { id, number, oneOf, text } from '../hook-field.ts';
import type { HookRequest } from '../port.ts';

/*
 * The generic CTI format that many phone systems can post (the one of Zammad and, in most of it, of sipgate.io; their public
 * documentation is the source). Fields that are not ours are let through unread.
 */

const users = z
  .union([z.array(text(64)).max(100, { error: 'must name at most 100 phones' }), text(64)], {
    error: 'must be an extension or a list of extensions',
  })
  .transform((given) => [...new Set([given].flat())].filter((user) => user !== ''));

const common = {
  callId: id,
  /** Extensions: who is rung, who answered, or who places the call. */
  user: users.optional(),
  queue: text(128).nullish(),
};

export const webhookEvent = z.discriminatedUnion(
  'event',
  [
    z.object({
      event: z.literal('newCall'),
      ...common,
      from: number,
      to: number,
      direction: oneOf('in', 'out'),
    }),
    z.object({
      event: z.literal('answer'),
      ...common,
      from: number.nullish(),
      to: number.nullish(),
      direction: oneOf('in', 'out').nullish(),
      answeringNumber: text(64).nullish(),
    }),
    z.object({
      event: z.literal('hangup'),
      ...common,
      from: number.nullish(),
      to: number.nullish(),
      direction: oneOf('in', 'out').nullish(),
      cause: oneOf(
        'normalClearing',
        'busy',
        'cancel',
        'noAnswer',
        'congestion',
        'notFound',
        'forwarded',
      ).nullish(),
    }),
  ],
  { error: 'must be newCall, answer or hangup' },
);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/**
 * Reads a body, JSON or form (`user`, `user[]`, once or several times). Throws `invalid-input` that names each wrong field.
 */
export function readWebhookEvent(request: HookRequest): WebhookEvent {
  const { 'user[]': list, ...fields } = readFields(request);
  const users = fields['user'] ?? list;
  // An empty form field means that it was left out, except for a number, which may be withheld.
  for (const name of ['direction', 'cause', 'queue', 'answeringNumber']) {
    if (fields[name] === '') delete fields[name];
  }
  return readEvent(webhookEvent, users === undefined ? fields : { ...fields, user: users }, {
    message: 'This is not a phone event as the generic CTI format describes it.',
    fix: 'Send event, callId and, for newCall, from, to and direction.',
  });
}
