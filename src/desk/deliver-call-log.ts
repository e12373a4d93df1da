import { isDeepStrictEqual } from 'node:util';
import { callById } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import type { CrmConnection, WriteOptions } from '../crm/port.ts';
import type { Database } from '../platform/database/database.ts';
import { readCallLog } from './call-log-facts.ts';
import { callLogOf, saveCallLog } from './call-log-store.ts';
import { keepAction } from './outbox-queue-store.ts';
import type { ClaimedWrite } from './outbox-queue-store.ts';
import type { WriteAction, WrittenTo } from './outbox.ts';

export interface CallLogWrite extends ClaimedWrite {
  action: Extract<WriteAction, { kind: 'log-call' }>;
}

/**
 * Writes a call down, or brings its record up to date. What is sent is kept before it is sent: a try that was cut off is
 * repeated word for word. Throws CrmError.
 */
export async function deliverCallLog(
  db: Database,
  crm: Pick<CrmConnection, 'logCall'>,
  write: CallLogWrite,
  options: WriteOptions & { fresh: boolean },
): Promise<{ record: WrittenTo | null; note: string | null }> {
  const { organizationId, connectionId, action } = write;
  const call = await wholeCall(db, organizationId, action.callId);
  // It became part of one that still goes on: that one is written down when it ends.
  if (call === null || (call.endedAt === null && action.facts === undefined))
    return { record: null, note: null };
  const callId = call.id;
  const earlier = await callLogOf(db, organizationId, callId);
  const facts = action.facts ?? (await readCallLog(db, call, connectionId));
  if (action.facts === undefined) {
    if (isDeepStrictEqual(facts, earlier?.facts)) return { record: null, note: null };
    await keepAction(db, write, { ...action, facts });
  }
  const logged = await crm.logCall(facts, {
    ...options,
    token: write.id,
    earlier: earlier?.logged ?? null,
  });
  await saveCallLog(db, organizationId, callId, { connectionId, facts, logged });
  if (logged.id === null) {
    const none = logged.way === 'none';
    return {
      record: null,
      note: none ? 'No case was tagged, so there was nothing to write it on.' : null,
    };
  }
  return { record: { type: 'interaction', id: logged.id, number: logged.number }, note: null };
}

/** The call that it is part of by now. */
async function wholeCall(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<StoredCall | null> {
  const call = await callById(db, organizationId, callId);
  return call === null || call.mergedInto === null
    ? call
    : wholeCall(db, organizationId, call.mergedInto);
}
