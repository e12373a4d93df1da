import { createRequire } from 'node:module';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { Jobs } from '../platform/jobs.ts';
import { numbersReadWith, organizationsReadOtherwise, saveReading } from './reading-store.ts';
import { renormaliseNumbers } from './renormalise-numbers.ts';

/** Numbers are read by the metadata that comes with this package. */
const { version: metadata } = createRequire(import.meta.url)('libphonenumber-js/package.json') as {
  version: string;
};

export const followNumbersTask = 'follow-numbers';

/** Has the organization's numbers read again, unless they were read with its country and our metadata. */
export async function followNumbers(db: Database, organizationId: string): Promise<void> {
  const organization = await organizationById(db, organizationId);
  if (organization === null) return;
  const wanted = { country: organization.country, metadata };
  const known = await numbersReadWith(db, organizationId);
  if (known?.country === wanted.country && known.metadata === metadata) return;
  await renormaliseNumbers(db, organizationId);
  await saveReading(db, organizationId, wanted);
}

/** Orders that as a job, inside the transaction that may have changed the country; many orders are one. */
export async function orderNumbers(
  jobs: Jobs,
  db: Database,
  organizationId: string,
): Promise<void> {
  await jobs.add(
    db,
    followNumbersTask,
    { organizationId },
    {
      queue: `${followNumbersTask} ${organizationId}`,
      key: `${followNumbersTask} ${organizationId}`,
    },
  );
}

/** At the start of a hub: whose numbers were read with other metadata than this hub's. */
export async function orderStaleNumbers(jobs: Jobs, db: Database): Promise<void> {
  for (const organizationId of await organizationsReadOtherwise(db, metadata))
    await orderNumbers(jobs, db, organizationId);
}
