import { z } from 'zod';

/**
 * HTTP API of the room `directory/`, below `/api/v1`.
 *
 * For everybody whose plan has screen pops:
 * GET  /directory/search?q=&kinds=   contacts, consumers, customers and cases by name, company, e-mail or number (searchAnswer)
 *
 * For administrators:
 * GET  /connections/:id/sync   how the mirror of a connection is kept fresh (syncView)
 * POST /connections/:id/sync   'Pull now', or with `everything` 'Pull everything again'; answers syncView
 * PUT  /connections/:id/sync   how often, and how long closed cases are kept (syncSettings); answers syncView
 * GET  /connections/:id/case-choices   what the CRM offers for a new case just now (caseChoices)
 */

const time = z.iso.datetime().nullable();

export const syncView = z.object({
  /**
   * `unchecked`: never checked, so nothing is read. `stopped`: sign-ins were refused; somebody must change or check the
   * connection. `pulling`: everything is being pulled. `failing`: the last round failed, another one follows.
   */
  state: z.enum(['unchecked', 'stopped', 'pulling', 'failing', 'fresh']),
  /** Seconds between two rounds. */
  everySeconds: z.int(),
  /** Closed cases are kept for so many days after their last change. */
  caseDays: z.int(),
  /** Closed cases of as many days are here; null before the first complete pull. Other than `caseDays` until a round has made it so. */
  heldCaseDays: z.int().nullable(),
  nextAt: time,
  /** When the last complete pull began. */
  lastPullAt: time,
  /** Seconds by which contacts and cases may be behind; null before the first complete pull. */
  lagSeconds: z.int().nullable(),
  /** 'Pull everything again' was asked for and is not done. */
  everythingWanted: z.boolean(),
  /** False: deletions are found at night only, since the CRM does not let us read them; null: not known. */
  removalsReadable: z.boolean().nullable(),
  rows: z.array(
    z.object({
      type: z.enum(['user', 'customer', 'contact', 'consumer', 'case']),
      count: z.int(),
    }),
  ),
  kinds: z.array(
    z.object({
      kind: z.enum(['users', 'customers', 'contacts', 'cases']),
      status: z.enum(['running', 'done', 'failed', 'cancelled']),
      /** Records of the last pull so far, and in all as the CRM says. */
      done: z.int(),
      total: z.int().nullable(),
      /** All that the CRM knew then is here. */
      asOf: time,
    }),
  ),
  usage: z
    .object({
      requestsLastHour: z.int(),
      /** Of the CRM, per hour; null when it tells of none. */
      limit: z.int().nullable(),
      resetsAt: time,
    })
    .nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      fix: z.string(),
      at: time,
      /** Rounds that failed in a row. */
      failures: z.int(),
    })
    .nullable(),
});
export type SyncView = z.infer<typeof syncView>;

export const syncOrder = z.object({ everything: z.boolean().default(false) });

const whole = (least: number, most: number, of: string) =>
  z
    .int(`Enter a whole number of ${of}.`)
    .min(least, `At least ${least.toLocaleString('en-US')} ${of}.`)
    .max(most, `At most ${most.toLocaleString('en-US')} ${of}.`);

/** A day between two rounds at most: longer than that and a pop would tell yesterday's news. */
export const syncSettings = z.object({
  everySeconds: whole(5, 86_400, 'seconds'),
  caseDays: whole(1, 3_650, 'days'),
});
export type SyncSettings = z.infer<typeof syncSettings>;

export const searchKinds = ['contact', 'consumer', 'customer', 'case'] as const;
export const searchKind = z.enum(searchKinds);
export type SearchKind = z.infer<typeof searchKind>;

/** As typed so far: words may be incomplete. */
export const searchQuery = z.object({
  q: z.string().trim().min(1, 'Type a name, a company, an e-mail address or a number.').max(200),
  /** Only these, separated by commas; all when left out. */
  kinds: z
    .string()
    .optional()
    .transform((text) => text?.split(',').map((kind) => kind.trim()))
    .pipe(
      z
        .array(z.enum(searchKinds, `A kind is one of ${searchKinds.join(', ')}.`))
        .max(searchKinds.length)
        .optional(),
    ),
});

/** From where to before where a text agrees with what was typed, in UTF-16 units. */
const searchMark = z.tuple([z.int(), z.int()]);
export type SearchMark = z.infer<typeof searchMark>;

export const searchResult = z.object({
  kind: searchKind,
  /** The CRM's own id. */
  id: z.string(),
  connectionId: z.uuid(),
  /** `contact:<connection>:<id>`, as the key of a pop's candidate. */
  key: z.string(),
  /** Of a person or company; of a case its short description. */
  name: z.string(),
  /** Title, e-mail and place of a person; place of a company; state and person of a case. '' where there is none. */
  detail: z.string(),
  /** Whom a contact works for, whose case it is; '' where there is none, and for a company itself. */
  company: z.string(),
  /** Telephone number of a person or company as the CRM has it; a case's own number. '' where there is none. */
  number: z.string(),
  /** Opens the record in the CRM. */
  link: z.string().nullable(),
  /** What was found, for people: 'Name', 'Company', 'E-mail', 'Case number'. */
  why: z.string(),
  /** What of these texts agrees with what was typed. */
  marks: z.object({
    name: z.array(searchMark),
    company: z.array(searchMark),
    detail: z.array(searchMark),
  }),
});
export type SearchResult = z.infer<typeof searchResult>;

export const searchAnswer = z.object({
  /** Best first, at most 20. */
  results: z.array(searchResult).max(20),
  /** Nothing was found as typed: what the best result has instead; null otherwise. */
  meant: z.string().nullable(),
  /** Milliseconds that the search took in the hub. */
  ms: z.number(),
  /** After a pull names are prepared for the search in the background; null once all are. */
  preparing: z.object({ done: z.int(), total: z.int() }).nullable(),
});
export type SearchAnswer = z.infer<typeof searchAnswer>;

/** Null: the list was never read. */
const choices = z.array(z.object({ value: z.string(), label: z.string() })).nullable();

/** What a case template can choose from. The values of `assignmentGroup` are the CRM's ids of the groups. */
export const caseChoices = z.object({
  priority: choices,
  category: choices,
  assignmentGroup: choices,
  /** Why the lists may be old or missing; null when they are as the CRM has them. */
  problem: z.string().nullable(),
});
export type CaseChoices = z.infer<typeof caseChoices>;
