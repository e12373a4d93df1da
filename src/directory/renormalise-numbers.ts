import { setImmediate } from 'node:timers/promises';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { readNumbers } from './number-row.ts';
import { numbersAfter, updateReadings } from './number-store.ts';
import type { IndexedNumber } from './number-store.ts';

const batchSize = 1_000;

/**
 * Reads all of the organization's stored numbers anew, after its country changed. In batches;
 * look-ups go on meanwhile. Answers how many numbers now mean something else.
 */
export async function renormaliseNumbers(
  db: Database,
  organizationId: string,
): Promise<{ changed: number }> {
  const organization = await organizationById(db, organizationId);
  if (organization === null) return { changed: 0 };
  let changed = 0;
  let last: IndexedNumber | null = null;
  for (;;) {
    const rows: IndexedNumber[] = await numbersAfter(db, organizationId, last, batchSize);
    const different = rows.flatMap((row) => {
      const reading = readNumbers(row.raw, row.country, organization.country)[row.part];
      const same =
        reading === undefined || (reading.e164 === row.e164 && reading.extension === row.extension);
      return same ? [] : [{ ...row, ...reading }];
    });
    await updateReadings(db, organizationId, different);
    changed += different.length;
    last = rows.at(-1) ?? null;
    if (rows.length < batchSize) return { changed };
    await setImmediate();
  }
}
