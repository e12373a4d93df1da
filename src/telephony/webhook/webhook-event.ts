import { z } from 'zod';
import { RingsideError } from '../../platform/errors.ts';
import { cleanText } from '../../platform/text.ts';

/*
 * The generic CTI format that many phone systems can post (the one of Zammad and, in most of it, of sipgate.io; their public
 * documentation is the source). Fields that are not ours are let through unread.
 */

const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });

/** Text of any length, made harmless; phone systems send numbers as JSON numbers too. */
const text = (max: number) =>
  z
    .union([z.string(), z.number()], { error: 'must be text' })
    .transform((raw) => cleanText(String(raw), max));
const number = text(256);

const callId = text(1024).pipe(
  z
    .string()
    .min(1, { error: 'must not be empty: it is what keeps the events of a call together' })
    .max(256, { error: 'must have at most 256 characters' }),
);

const users = z
  .union([z.array(text(64)).max(100, { error: 'must name at most 100 phones' }), text(64)], {
    error: 'must be an extension or a list of extensions',
  })
  .transform((given) => [...new Set([given].flat())].filter((user) => user !== ''));

const common = {
  callId,
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
export function readWebhookEvent(rawBody: Buffer, contentType: string): WebhookEvent {
  const fields = /json/i.test(contentType) ? jsonFields(rawBody) : formFields(rawBody);
  const { 'user[]': list, ...rest } = fields;
  const result = webhookEvent.safeParse({ ...rest, user: rest['user'] ?? list ?? undefined });
  if (result.success) return result.data;
  throw new RingsideError(
    'invalid-input',
    'This is not a phone event as the generic CTI format describes it.',
    {
      fix: 'Send event, callId and, for newCall, from, to and direction.',
      fields: result.error.issues.map((issue) => ({
        field: issue.path.join('.') || 'body',
        message: messageOf(issue, fields),
      })),
    },
  );
}

function messageOf(issue: { message: string; path: PropertyKey[] }, fields: object): string {
  const [name] = issue.path;
  const missing = name !== undefined && !Object.hasOwn(fields, name);
  return missing ? `is missing; it ${issue.message}` : issue.message;
}

function jsonFields(rawBody: Buffer): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw notAnEvent('is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw notAnEvent('must be a JSON object');
  return { ...body };
}

function formFields(rawBody: Buffer): Record<string, unknown> {
  const form = new URLSearchParams(rawBody.toString('utf8'));
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    fields[name] = name === 'user' || name === 'user[]' ? values : values[0];
  }
  // An empty form field means that it was left out, except for a number, which may be withheld.
  for (const name of ['direction', 'cause', 'queue', 'answeringNumber']) {
    if (fields[name] === '') delete fields[name];
  }
  return fields;
}

function notAnEvent(message: string): RingsideError {
  return new RingsideError('invalid-input', `The body ${message}.`, {
    fix: 'Send one phone event as JSON or as a form.',
    fields: [{ field: 'body', message }],
  });
}
