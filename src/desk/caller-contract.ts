import { z } from 'zod';

/**
 * HTTP API of finding out who a caller is, below `/api/v1/desk/pops/:callId`. All of it for whoever has a part in the call, and
 * all but the first answer the pop.
 *
 * GET  /record?key=   a person or company as the CRM has it now, with the fields that may be changed (callerRecord)
 * POST /caller        it is this record, in this call only (callerChoice)
 * PUT  /unknown       leaves the caller unknown, or asks again (unknownChoice)
 * POST /number        writes the number of the call to a record (numberAttachment)
 * PUT  /record        changes numbers, e-mail or title of a record (recordChanges)
 * POST /contact       makes a contact with the number of the call (newContact)
 * GET  /new-contact   what the form needs to know (contactForm)
 *
 * A key is that of a candidate or of a search result; a case stands for whoever it was opened for.
 */

const time = z.iso.datetime();
const key = z.string().min(1).max(200);

export const phoneFields = ['phone', 'mobilePhone', 'homePhone'] as const;
export const recordFields = [...phoneFields, 'email', 'title'] as const;

export const callerField = z.object({
  name: z.enum(recordFields),
  /** `mobile phone` */
  label: z.string(),
  /** What stands there now, with what is on its way to the CRM. */
  value: z.string(),
  /** Characters that it holds. */
  size: z.int(),
  phone: z.boolean(),
  /** The value is on its way to the CRM: since when, and who put it there. */
  pending: z.object({ at: time, by: z.string().nullable() }).nullable(),
});
export type CallerField = z.infer<typeof callerField>;

export const callerRecord = z.object({
  key,
  kind: z.enum(['contact', 'consumer', 'customer']),
  name: z.string(),
  /** Whom a contact works for; '' where there is none, and for a company itself. */
  company: z.string(),
  fields: z.array(callerField),
  /** False: the CRM did not answer in time, so this is what the mirror has. */
  live: z.boolean(),
});
export type CallerRecord = z.infer<typeof callerRecord>;

export const recordQuery = z.object({ key });
export const callerChoice = z.object({ key });
export const unknownChoice = z.object({ left: z.boolean() });

/** What stood in the field when the agent agreed to overwrite it; '' for an empty field. */
const replaces = z.string().max(255);

export const numberAttachment = z.object({ key, field: z.enum(phoneFields), replaces });
export type NumberAttachment = z.infer<typeof numberAttachment>;

export const recordChanges = z.object({
  key,
  changes: z
    .array(
      z.object({
        field: z.enum(recordFields),
        /** '' empties the field. */
        value: z.string().max(255),
        replaces,
      }),
    )
    .min(1, 'Nothing was changed.')
    .max(recordFields.length),
});
export type RecordChanges = z.infer<typeof recordChanges>;

export const newContact = z.object({
  firstName: z.string().max(255),
  lastName: z.string().max(255),
  email: z.string().max(255).default(''),
  title: z.string().max(255).default(''),
  /** Where the number of the call goes; null: nowhere, the call has none. */
  field: z.enum(phoneFields).nullable(),
  /** A company of the search, one to be made, or none. */
  company: z
    .union([z.object({ key }), z.object({ name: z.string().max(255) })])
    .nullable()
    .default(null),
});
export type NewContact = z.infer<typeof newContact>;

export const contactForm = z.object({
  /** Where the number may go. */
  fields: z.array(z.object({ name: z.enum(phoneFields), label: z.string() })),
  sizes: z.object({
    firstName: z.int(),
    lastName: z.int(),
    customerName: z.int(),
    email: z.int(),
    title: z.int(),
  }),
  /** Why the CRM refused the last company, or contact, that was to be made there, in its own words; null: it did not. */
  refused: z.object({ company: z.string().nullable(), contact: z.string().nullable() }),
});
export type ContactForm = z.infer<typeof contactForm>;
