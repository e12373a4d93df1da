import { z } from 'zod';
import { cleanText } from '../platform/text.ts';

/* What the fields of posted events are made of, whoever posts them. */

/** One of these words; the error names them. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });

/** Text of any length, made harmless; phone systems send numbers as JSON numbers too. */
export const text = (max: number) =>
  z
    .union([z.string(), z.number()], { error: 'must be text' })
    .transform((raw) => cleanText(String(raw), max));

/** A phone number or address as it comes. */
export const number = text(256);

/** The id of a call or of a leg. */
export const id = text(1024).pipe(
  z
    .string()
    .min(1, { error: 'must not be empty: it is what keeps the events of a call together' })
    .max(256, { error: 'must have at most 256 characters' }),
);

/** When it happened, as ISO 8601 or RFC 2822; what is no time counts as not told. */
export const moment = z
  .string({ error: 'must be text' })
  .transform((raw) => new Date(raw.slice(0, 64)))
  .transform((at) => (Number.isNaN(at.getTime()) ? undefined : at));
