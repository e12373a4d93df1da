import type { CrmConnection } from '../crm/port.ts';
import { writeLive } from '../directory/write-live.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { notify } from '../platform/notifier.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import { deliverCallLog } from './deliver-call-log.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { WriteRefused } from './outbox-failure.ts';
import { recordsOf, settleDelivered } from './outbox-queue-store.ts';
import type { ClaimedWrite } from './outbox-queue-store.ts';
import { noteWorking } from './outbox-state-store.ts';
import type { OnSettled, RecordRef, WrittenTo } from './outbox.ts';
import { sendWrite } from './send-write.ts';

export interface DeliverDeps {
  db: Database;
  log: Log;
  onSettled: readonly OnSettled[];
}

/** Longest wait for one answer, and a little for the way. */
const budgetMs = 70_000;
const readBackMs = 5_000;

/**
 * Sends a write and commits that it is done, together with whatever waits for it. What it made is in the mirror by then. Throws
 * CrmError, WriteRefused, or what went wrong here; then nothing was committed.
 */
export async function deliverWrite(
  deps: DeliverDeps,
  crm: CrmConnection,
  write: ClaimedWrite,
  { signal, wasFailing }: { signal: AbortSignal; wasFailing: boolean },
): Promise<void> {
  const { db } = deps;
  const { action } = write;
  // One try: whether and when there is another is decided for the connection as a whole.
  const fresh = write.doubtSince === null;
  const options = { signal, budgetMs, attempts: 1, doubtSince: write.doubtSince, fresh };
  const idOf = await recordIds(db, write);
  const done =
    action.kind === 'log-call'
      ? await deliverCallLog(db, crm, { ...write, action }, options)
      : { record: await sendWrite(crm, { id: write.id, action, idOf }, options), note: null };
  if (done.record !== null) await readBack(deps, crm, write, done.record, signal);
  await db.transaction().execute(async (trx) => {
    if (!(await settleDelivered(trx, write, done.record, done.note))) return;
    await noteWorking(trx, write, wasFailing);
    const settled = { ...write, outcome: 'delivered', record: done.record } as const;
    for (const tell of deps.onSettled) await tell(trx, settled);
    if (action.kind !== 'log-call') await lookAtCallAgain(trx, write.organizationId, write.callId);
    await tellDesks(trx, write);
  });
}

/** Pops that show the call are told again. */
export async function tellDesks(
  trx: Database,
  { organizationId, callId }: Pick<ClaimedWrite, 'organizationId' | 'callId'>,
): Promise<void> {
  if (callId === null) return;
  const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
  await notify(trx, deskChannel, changed);
}

/** Throws WriteRefused when a record that the write needs will not come. */
async function recordIds(db: Database, write: ClaimedWrite): Promise<(ref: RecordRef) => string> {
  const needed = await recordsOf(db, write.organizationId, write.dependsOn);
  return (ref) => {
    if ('id' in ref) return ref.id;
    const maker = needed.get(ref.write);
    if (maker?.state === 'delivered' && maker.recordId !== null) return maker.recordId;
    const what = maker === undefined ? 'something that is gone' : `‘${maker.subject}’`;
    throw new WriteRefused(
      'not-found',
      `It belongs to ${what}, which was not written.`,
      'Drop it too, or enter it once more with another record.',
    );
  };
}

const mirrored = ['customer', 'contact', 'consumer', 'case'] as const;

/** Puts the record into the mirror as it is now. Where that fails the next round of changes brings it. */
async function readBack(
  { db, log }: DeliverDeps,
  crm: CrmConnection,
  { organizationId, connectionId, action }: ClaimedWrite,
  { type, id }: WrittenTo,
  signal: AbortSignal,
): Promise<void> {
  const kind = mirrored.find((one) => one === type);
  if (kind === undefined || action.kind === 'add-note') return;
  try {
    const records = await crm.read(kind, [id], { signal, budgetMs: readBackMs });
    await writeLive(db, { organizationId, connectionId }, records);
  } catch (error) {
    log.info({ err: error, connectionId }, 'what was written could not be read back');
  }
}
