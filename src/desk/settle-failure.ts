import type { Database } from '../platform/database/database.ts';
import { tellDesks } from './deliver-write.ts';
import { ownFailuresAtMost, waitSeconds } from './outbox-failure.ts';
import type { Verdict } from './outbox-failure.ts';
import { letWait, putUpForAttention } from './outbox-queue-store.ts';
import type { ClaimedWrite } from './outbox-queue-store.ts';
import type { OutboxState } from './outbox-state-store.ts';

/** It is too early to know how the last try went, or it was us who broke it off. */
const blameless = new Set(['unsettled', 'interrupted']);

/** Says what becomes of a write that failed: it waits, or somebody has to decide. `state` is the connection's, as it was when it was sent. */
export async function settleFailure(
  db: Database,
  write: ClaimedWrite,
  verdict: Verdict,
  state: Pick<OutboxState, 'deliveredAt'>,
): Promise<void> {
  const { doubtSince, retryAfter, trouble } = verdict;
  const { failedAt } = write;
  if (verdict.next === 'attention') return giveUp(db, write, verdict);
  if (blameless.has(trouble.code)) {
    return letWait(db, write, { seconds: retryAfter ?? 5, trouble, doubtSince, ownFailure: false });
  }
  // Others went through since this one failed last, or the fault is ours: then it is this one's own failure.
  const othersWent =
    failedAt !== null && state.deliveredAt !== null && state.deliveredAt > failedAt;
  const ownFailure = verdict.next === 'wait' || othersWent;
  if (ownFailure && write.ownFailures + 1 >= ownFailuresAtMost) {
    const reason = `It failed ${ownFailuresAtMost} times while others went through. ${trouble.reason}`;
    return giveUp(db, write, { ...verdict, trouble: { ...trouble, reason } });
  }
  await letWait(db, write, {
    seconds: waitSeconds(write.ownFailures, Math.random()),
    ...{ trouble, doubtSince, ownFailure },
  });
}

async function giveUp(
  db: Database,
  write: ClaimedWrite,
  { trouble, doubtSince }: Verdict,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (await putUpForAttention(trx, write, trouble, doubtSince)) await tellDesks(trx, write);
  });
}
