import { z } from 'zod';
import { singleSignOnProblems, readIssuer } from './single-sign-on.ts';

/** HTTP API of single sign-on. Settings are below `/api/v1` and for administrators, signing in below `/api/auth` and open. */

const time = z.iso.datetime();
const domain = z
  .string()
  .max(300)
  .overwrite((text) => text.trim().toLowerCase().replace(/^@/, ''))
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'Write what comes behind the @, such as example.com.',
  )
  .max(253);

/** GET /single-sign-on; `settings` is null until it is set up. */
export const singleSignOnView = z.object({
  /** To be entered at the provider as redirect URI. */
  callbackUrl: z.string(),
  settings: z
    .object({
      issuer: z.string(),
      clientId: z.string(),
      domains: z.array(z.string()),
      /** Passwords count for administrators only. */
      required: z.boolean(),
      /** When somebody last came in with this issuer and client. */
      workedAt: time.nullable(),
      lastProblem: z.object({ problem: z.enum(singleSignOnProblems), at: time }).nullable(),
    })
    .nullable(),
});
export type SingleSignOnView = z.infer<typeof singleSignOnView>;

/** PUT /single-sign-on answers with singleSignOnView. DELETE answers 204. */
export const singleSignOnInput = z.object({
  issuer: z
    .string()
    .trim()
    .max(1000)
    .transform((text, context) => {
      const read = readIssuer(text);
      if ('issuer' in read) return read.issuer;
      context.addIssue({ code: 'custom', message: read.fault });
      return z.NEVER;
    }),
  clientId: z.string().trim().min(1, 'Copy it from your provider.').max(500),
  /** Empty keeps the stored one, while the issuer stays where it is. */
  clientSecret: z.string().max(2000).default(''),
  domains: z.array(domain).min(1, 'Name at least one, such as example.com.').max(50),
  /** Taken once somebody has come in with this issuer and client. */
  required: z.boolean().default(false),
});
export type SingleSignOnInput = z.output<typeof singleSignOnInput>;

/** POST /single-sign-on/test: asks the provider as it is stored, within 15 s. */
export const singleSignOnTest = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      id: z.enum(['discovery', 'flow', 'keys', 'client']),
      title: z.string(),
      status: z.enum(['pass', 'warn', 'fail', 'skip']),
      detail: z.string(),
      fix: z.string().nullable(),
      ms: z.int(),
    }),
  ),
});
export type SingleSignOnTest = z.infer<typeof singleSignOnTest>;
export type SingleSignOnStep = SingleSignOnTest['steps'][number];

/** POST /api/auth/single-sign-on/start: where the browser goes next. 404 when no organization has the e-mail's domain. */
export const singleSignOnStart = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.email('Type your e-mail address of work.').max(254)),
  /** A path of ours to go to afterwards. */
  return: z
    .string()
    .max(500)
    .refine((path) => /^\/(?![/\\])[\x21-\x7e]*$/.test(path), 'Only a path of this site.')
    .default('/'),
});
export const singleSignOnAway = z.object({ url: z.string() });
/** GET /api/auth/single-sign-on/callback: sends the browser on, to the page it wanted or to /sign-in?problem=… */
export const singleSignOnReturn = z.object({
  state: z.string().max(500).optional(),
});
