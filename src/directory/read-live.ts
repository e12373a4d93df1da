import type { CrmRecord } from '../crm/record.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { NumberOwner } from './pending-store.ts';
import type { OpenCrms } from './open-crms.ts';
import type { Place } from './record-store.ts';
import { dropLive, writeLive } from './write-live.ts';

export interface LiveDeps {
  db: Database;
  crms: Pick<OpenCrms, 'get'>;
}

/**
 * A record as the CRM has it this very moment, stored in the mirror on the way. `gone`: it is not there any more, so neither is it in the
 * mirror; `silent`: the CRM did not tell within `budgetMs`, the mirror's knowledge stands.
 */
export async function readRecordLive(
  { db, crms }: LiveDeps,
  place: Place,
  { kind, id }: NumberOwner,
  budgetMs: number,
): Promise<CrmRecord | 'gone' | 'silent'> {
  const connections = await checkedConnections(db, place.organizationId);
  const connection = connections.find((one) => one.id === place.connectionId);
  if (connection === undefined || connection.state === 'failed') return 'silent';
  try {
    const crm = await crms.get(connection);
    const signal = AbortSignal.timeout(budgetMs);
    const [record] = await crm.read(kind, [id], { signal, budgetMs });
    if (record === undefined) {
      await dropLive(db, place, kind, [id]);
      return 'gone';
    }
    await writeLive(db, place, [record]);
    return record;
  } catch {
    // Whatever keeps the CRM from telling shows where its health is shown; here the mirror's word is good enough.
    return 'silent';
  }
}
