import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { claimLease, endPull, signOfLifeMs, stayAlive } from './pull-store.ts';
import type { Place } from './record-store.ts';
import type { PullPurpose, PullStatus } from './tables.ts';

/** The right to write the mirror of a connection, held by one process at a time. */
export interface Lease {
  db: Database;
  place: Place;
  leaseId: string;
  /** Gives the lease back; nothing happens when another holder has taken over. */
  end(status: PullStatus): Promise<void>;
}

/**
 * Null while another holder has the lease, on whatever node; a pull takes it from a round of
 * changes. One whose process died is over after 20 seconds.
 */
export async function takeLease(
  db: Database,
  place: Place,
  purpose: PullPurpose,
  startedAt: Date | null = null,
): Promise<Lease | null> {
  const leaseId = newId();
  if (!(await claimLease(db, place, { leaseId, purpose, startedAt }))) return null;
  const timer = setInterval(() => void stayAlive(db, place, leaseId).catch(() => {}), signOfLifeMs);
  timer.unref();
  return {
    db,
    place,
    leaseId,
    async end(status) {
      clearInterval(timer);
      await endPull(db, place, leaseId, status);
    },
  };
}

/** A transaction that only the holder of the lease may commit. Throws `conflict` once it is lost. */
export function whileInCharge<T>(
  { db, place, leaseId }: Lease,
  work: (trx: Database) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    if (!(await stayAlive(trx, place, leaseId))) {
      throw new RingsideError('conflict', 'Another pull of this connection has taken over.');
    }
    return work(trx);
  });
}
