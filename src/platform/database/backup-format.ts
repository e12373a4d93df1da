import { z } from 'zod';

/**
 * A backup: gzip over lines. The first is this header as JSON; then comes each table, as a line of JSON that names it with its columns,
 * its rows in the text format of COPY, and a line `\.` (which no row can be); then the jobs that wait, each as JSON, in the same way;
 * last the footer. A file without footer was cut off.
 */
export const backupHeader = z.object({
  format: z.literal('ringside-backup'),
  version: z.literal(1),
  /** Of the Ringside that wrote it. */
  ringside: z.string(),
  at: z.iso.datetime(),
  /** The schema: what had been applied. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** The last value of each counter that several tables share. */
  sequences: z.record(z.string(), z.string()).default({}),
  /** The key file's text; null: it was not asked for. */
  key: z.string().nullable(),
});
export type BackupHeader = z.infer<typeof backupHeader>;

export const backupSection = z.union([
  z.object({ table: z.string(), columns: z.array(z.string()) }),
  z.object({ jobs: z.literal(true) }),
  z.object({ end: z.literal(true), rows: z.record(z.string(), z.int()) }),
]);
export type BackupSection = z.infer<typeof backupSection>;

/** Ends the rows of a section. */
export const endOfRows = '\\.';

/** A job that waits, by the arguments of graphile_worker.add_job. */
export const backupJob = z.object({
  task: z.string(),
  payload: z.unknown(),
  queue: z.string().nullable(),
  runAt: z.string(),
  maxAttempts: z.int(),
  key: z.string().nullable(),
  priority: z.int(),
});
export type BackupJob = z.infer<typeof backupJob>;
