import { callsByIds } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { organizationById } from '../organization/organization-store.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { lastExtension } from './call-log.ts';
import {
  closeEntry,
  entryOfCall,
  insertEntry,
  lockMissedCalls,
  openEntries,
  openEntryOf,
  removeParts,
  savePart,
  talkedSince,
  tellMissedCalls,
} from './missed-call-store.ts';
import { callerKey, meaningOf, outsideCaller } from './missed-call.ts';
import { dueCalls, postponeDueCall, takeDueCalls } from './missed-due-store.ts';
import { rankMissedCall } from './rank-missed-call.ts';
import { otherNumbersOf } from './same-caller.ts';
import { openCaseForMissedCall } from './open-case-for-missed-call.ts';

export interface BookMissedCallsDeps {
  db: Database;
  log: Log;
}

/**
 * Brings the list of missed calls up to date with the calls that were noted: who called in vain gets an entry, or one time more on
 * the one that is open, together with the case that a rule wants; whoever was reached is taken off. On any node, as often as one likes:
 * a call is looked at and written down in one transaction. Answers how many calls it looked at.
 */
export async function bookMissedCalls(deps: BookMissedCallsDeps): Promise<number> {
  const due = await acrossOrganizations(() => dueCalls(deps.db));
  for (const [organizationId, calls] of Map.groupBy(due, (call) => call.organizationId)) {
    const ids = calls.map(({ callId }) => callId);
    await inOrganization(organizationId, () => bookOrganization(deps, organizationId, ids));
  }
  return due.length;
}

async function bookOrganization(
  { db, log }: BookMissedCallsDeps,
  organizationId: string,
  callIds: readonly string[],
): Promise<void> {
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const calls = await callsByIds(db, organizationId, callIds);
  const began = new Map(calls.map((call) => [call.id, call.startedAt.getTime()]));
  const reached = new Set(calls.flatMap((call) => (isReached(call) ? call.id : [])));
  const others = callIds
    .filter((id) => !reached.has(id))
    .toSorted((a, b) => (began.get(a) ?? 0) - (began.get(b) ?? 0));
  // Most calls are answered: all of them at once. Before the others, so that nobody is listed who is being talked to.
  for (const ids of [[...reached], ...others.map((id) => [id])]) {
    if (ids.length === 0) continue;
    try {
      await db.transaction().execute((trx) => bookCalls(trx, organizationId, ids, country));
    } catch (error) {
      log.warn({ err: error }, 'a missed call could not be listed; it is tried again');
      for (const id of ids) await postponeDueCall(db, organizationId, id);
    }
  }
}

async function bookCalls(
  trx: Database,
  organizationId: string,
  callIds: readonly string[],
  country: string,
): Promise<void> {
  await lockMissedCalls(trx, organizationId);
  const taken = await takeDueCalls(trx, organizationId, callIds);
  // Read after they were taken: what changes from now on is noted anew.
  const calls = await callsByIds(trx, organizationId, taken);
  const reached = calls.filter(isReached);
  let changed = await closeReached(trx, organizationId, reached, country);
  for (const call of calls)
    if (!isReached(call)) changed = (await bookCall(trx, call, country)) || changed;
  if (changed) await tellMissedCalls(trx, organizationId);
}

function isReached(call: StoredCall): boolean {
  return call.mergedInto === null && meaningOf(call) === 'reached';
}

/** Whoever talked with somebody waits for nobody any more. */
async function closeReached(
  trx: Database,
  organizationId: string,
  calls: readonly StoredCall[],
  country: string,
): Promise<boolean> {
  if (calls.length === 0) return false;
  let changed = await removeParts(
    trx,
    organizationId,
    calls.map(({ id }) => id),
  );
  const byKey = Map.groupBy(calls, (call) => callerKey(outsideCaller(call, country), call.queue));
  const others = await otherNumbersOf(trx, organizationId, [...byKey.keys()]);
  const keys = [...new Set([...byKey.keys(), ...others.keys()])];
  for (const { id, callerKey: key, lastAt } of await openEntries(trx, organizationId, keys)) {
    const talks = [...(byKey.get(key) ?? []), ...(byKey.get(others.get(key) ?? '') ?? [])];
    const call = talks.find(({ answeredAt }) => answeredAt !== null && answeredAt >= lastAt);
    if (call === undefined || outsideCaller(call, country).anonymous) continue;
    const extension = lastExtension(call);
    const person =
      extension === null ? null : await personByExtension(trx, organizationId, extension);
    await closeEntry(trx, organizationId, id, {
      at: call.answeredAt!,
      reason: call.direction === 'outbound' ? 'called-back' : 'got-through',
      personId: person?.id ?? null,
    });
    changed = true;
  }
  return changed;
}

/** True when the list changed. */
async function bookCall(trx: Database, call: StoredCall, country: string): Promise<boolean> {
  const { organizationId, id: callId, startedAt: at, queue } = call;
  const meaning = call.mergedInto === null ? meaningOf(call) : null;
  if (meaning !== 'missed' && meaning !== 'tried')
    return removeParts(trx, organizationId, [callId]);
  const caller = outsideCaller(call, country);
  const key = callerKey(caller, queue);
  const part = { callId, kind: meaning, at, queue };
  const known = await entryOfCall(trx, organizationId, callId);
  if (known?.callerKey === key && known.kind === meaning) {
    await savePart(trx, organizationId, known.id, part);
    return true;
  }
  const moved = known !== null && (await removeParts(trx, organizationId, [callId]));
  if (!caller.anonymous && (await isReachedSince(trx, call, key, country))) return moved;
  const open = await openEntryOf(trx, organizationId, key);
  if (meaning === 'tried') {
    if (open === null || open.firstAt > at) return moved;
    await savePart(trx, organizationId, open.id, part);
    return true;
  }
  const entryId =
    open?.id ?? (await insertEntry(trx, organizationId, { callerKey: key, callId, at }));
  await savePart(trx, organizationId, entryId, part);
  await rankMissedCall(trx, call, entryId);
  await openCaseForMissedCall(trx, call, { entryId, callerKey: key, caller });
  return true;
}

/** Whether somebody talked to the caller after this call began, though it is looked at only now. */
async function isReachedSince(
  trx: Database,
  { organizationId, startedAt }: StoredCall,
  key: string,
  country: string,
): Promise<boolean> {
  const keys = [key, ...(await otherNumbersOf(trx, organizationId, [key])).keys()];
  const talks = await talkedSince(trx, organizationId, keys, startedAt);
  return talks.some(
    (talk) =>
      meaningOf({ ...talk, answeredAt: startedAt, result: null }) === 'reached' &&
      keys.includes(callerKey(outsideCaller(talk, country), null)),
  );
}
