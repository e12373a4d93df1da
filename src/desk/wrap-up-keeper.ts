import { callById } from '../calls/store.ts';
import { personById } from '../organization/person-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import type { Notifier } from '../platform/notifier.ts';
import { keepDoing } from '../platform/rounds.ts';
import { viewCall } from './call-view.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import { concludeWrapUp } from './finish-wrap-up.ts';
import { partOf } from './part.ts';
import { signatureOf } from './send-note.ts';
import { workView } from './work-view.ts';
import { loadWork } from './load-work.ts';
import { readFacts } from './organization-facts.ts';
import { dueWrapUps, postponeWrapUp, takeWrapUp } from './wrap-up-store.ts';

export interface WrapUpKeeperDeps {
  db: Database;
  clock: Clock;
  log: Log;
  notifier: Notifier;
}

const atOnce = 100;
const afterFailureMs = 60_000;
/** Without a time limit, what somebody left unfinished is finished after this. */
const longestWrapUpMs = 12 * 60 * 60_000;

/**
 * Finishes wrap-ups whose time ran out, browser or not, on whatever node comes first; a hub that was down catches up when it starts.
 * Answers the function that stops it.
 */
export function keepWrapUps(deps: WrapUpKeeperDeps): () => Promise<void> {
  const failed = 'wrap-ups could not be looked after';
  return keepDoing(() => lookAfterWrapUps(deps), { every: 1_000, log: deps.log, failed });
}

type Due = Awaited<ReturnType<typeof dueWrapUps>>[number];

/** Finishes, or looks at again later, the wrap-ups that are due by now, each in a transaction of its own. */
export async function lookAfterWrapUps(deps: WrapUpKeeperDeps): Promise<void> {
  const { db, clock } = deps;
  const due = await acrossOrganizations(() => dueWrapUps(db, clock.now(), atOnce));
  for (const one of due) await inOrganization(one.organizationId, () => lookAfter(deps, one));
}

async function lookAfter(deps: WrapUpKeeperDeps, due: Due): Promise<void> {
  const { db, clock, log } = deps;
  try {
    await db.transaction().execute(async (trx) => {
      const taken = await takeWrapUp(trx, due, clock.now());
      if (taken !== null) await conclude(deps, trx, due, taken.limited);
    });
  } catch (error) {
    log.error({ err: error, callId: due.callId }, 'a wrap-up could not be finished');
    await postponeWrapUp(db, due, new Date(clock.now().getTime() + afterFailureMs));
  }
}

async function conclude(
  deps: WrapUpKeeperDeps,
  trx: Database,
  due: Due,
  limited: boolean,
): Promise<void> {
  const { organizationId, callId, personId } = due;
  const now = deps.clock.now();
  const call = await callById(trx, organizationId, callId);
  const person = await personById(trx, organizationId, personId);
  const extension = person?.extension ?? null;
  const part = call === null || extension === null ? null : partOf(call, extension);
  // The call is up again, or somebody else has the telephone now.
  if (call === null || person === null || extension === null || part?.kind !== 'shown')
    return postponeWrapUp(trx, due, null);
  if (part.state !== 'ended') return postponeWrapUp(trx, due, null);

  const facts = await readFacts(trx, organizationId);
  if (!limited) {
    const work = await loadWork(trx, organizationId, callId, facts);
    const viewer = { personId, plan: person.plan, extension, part };
    const until = new Date((part.endedAt ?? now).getTime() + longestWrapUpMs);
    if (workView(work, call, viewer, null).wrapUp.keeps && now < until)
      return postponeWrapUp(trx, due, until);
  }
  const view = viewCall(trx, call, async () => facts);
  await concludeWrapUp(trx, {
    owner: due,
    own: { view, extension, part },
    signature: await signatureOf(view, extension, person.name),
    by: 'limit',
    now,
    countWrapUp: limited,
  });
  const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
  await deps.notifier.publish(trx, deskChannel, changed);
}
