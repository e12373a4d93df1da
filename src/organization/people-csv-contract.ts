import { z } from 'zod';

/** HTTP API of people as CSV, and of who has the e-mail address of a CRM user. All paths are below `/api/v1`, for administrators. */

/** Longest CSV, in UTF-16 units. */
export const mostCsv = 1_000_000;
/** Most rows of people in one file. */
export const mostRows = 5_000;

/** What a column may hold. */
export const importFields = [
  'name',
  'email',
  'role',
  'plan',
  'extension',
  'active',
  'teams',
  'supervises',
] as const;
export type ImportField = (typeof importFields)[number];

/** The column of each, as an export titles it. */
export const importTitles: Record<ImportField, string> = {
  name: 'Name',
  email: 'E-mail',
  role: 'Role',
  plan: 'Plan',
  extension: 'Phone extension',
  active: 'Active',
  teams: 'Teams',
  supervises: 'Supervises',
};

/** The column that an error is about; null: the row as a whole. */
export function columnOf(field: string): string | null {
  return importTitles[field as ImportField] ?? null;
}

const csv = z
  .string()
  .min(1, 'The file is empty.')
  .max(mostCsv, 'The file is larger than a million characters. Divide it.');

/** POST /people/import/preview: what an import would do; nothing is changed. GET /people.csv answers a file that it takes. */
export const importPreviewInput = z.object({ csv });

export const importRow = z.object({
  /** As a spreadsheet numbers it: the titles are row 1. */
  row: z.int(),
  email: z.string(),
  name: z.string(),
  /** `wrong`: with one such row nothing is imported. */
  action: z.enum(['create', 'change', 'same', 'wrong']),
  changes: z.array(
    z.object({ field: z.enum(importFields), before: z.string(), after: z.string() }),
  ),
  /** All that is wrong; `field` is a column, or `row` for the row as a whole. */
  errors: z.array(z.object({ field: z.string(), message: z.string(), fix: z.string() })),
});
export type ImportRow = z.infer<typeof importRow>;

export const importPreview = z.object({
  /** Of the organization; POST /people/import wants it back, so that what is done is what was shown. */
  version: z.int(),
  rows: z.array(importRow),
  /** Teams that the import would make, by name. */
  newTeams: z.array(z.string()),
  /** Titles of columns that are not read. */
  ignored: z.array(z.string()),
});
export type ImportPreview = z.infer<typeof importPreview>;

/** POST /people/import: all rows or, where one is wrong, none (400). 409 when somebody saved since the preview. */
export const importInput = z.object({
  version: z.int(),
  csv,
  /** Everybody who is created is sent their link; where this hub sends no mail, nobody is. */
  sendMail: z.boolean().default(false),
});
export const importDone = z.object({
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** The links of those who were created, told only this once. */
  invitations: z.array(z.object({ name: z.string(), email: z.string(), url: z.string() })),
  /** The same as a file. */
  invitationsCsv: z.string(),
});
export type ImportDone = z.infer<typeof importDone>;

/** GET /connections/:id/email-matches: the CRM users that have the e-mail address of an active person; nobody is mapped by it. */
export const emailMatches = z.array(
  z.object({
    personId: z.uuid(),
    users: z.array(
      z.object({ id: z.string(), name: z.string(), email: z.string(), active: z.boolean() }),
    ),
  }),
);
export type EmailMatches = z.infer<typeof emailMatches>;
