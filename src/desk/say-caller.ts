import type { StoredCall } from '../calls/store.ts';
import { numberVariants } from '../directory/number-variants.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Notifier } from '../platform/notifier.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import { consultedCall } from './consultation.ts';
import type { Pop } from './contract.ts';
import { leftUnknown } from './match.ts';
import { relinkCalls } from './relink-store.ts';
import { chosenCandidate, saveChoice } from './store.ts';

interface SayDeps {
  notifier: Pick<Notifier, 'publish'>;
  clock: Clock;
}

/**
 * Notes for a call who the other party is, with the caller's own transaction, and has every Desk with the call told. It counts for the
 * call, whoever has it.
 */
export async function sayCaller(
  trx: Database,
  { notifier, clock }: SayDeps,
  { organizationId, personId }: Viewer,
  call: StoredCall,
  key: string,
): Promise<void> {
  const choice = { candidateKey: key, personId, at: clock.now() };
  const say = async (callId: string) => {
    await saveChoice(trx, organizationId, { callId, ...choice });
    await lookAtCallAgain(trx, organizationId, callId);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  };
  await say(call.id);
  // Said in a consultation, it also counts for the colleague who asks, unless they said who it is.
  const about = key === leftUnknown ? null : await consultedCall(trx, call);
  if (about !== null && (await chosenCandidate(trx, organizationId, about.id)) === null)
    await say(about.id);
}

/**
 * The same, where the number of the call belongs to the record from now on: when nobody was known to have it, earlier calls from and to
 * it were with this record too.
 */
export async function sayOwner(
  trx: Database,
  deps: SayDeps,
  viewer: Viewer,
  call: StoredCall,
  { caller, match }: Pick<Pop, 'caller' | 'match'>,
  key: string,
): Promise<void> {
  await sayCaller(trx, deps, viewer, call, key);
  if (caller.e164 === null || match.candidates.length > 0) return;
  const { organizationId, personId } = viewer;
  const spellings = [
    ...new Set([...numberVariants(caller.e164), caller.raw, caller.e164.slice(1)]),
  ];
  const said = { candidateKey: key, personId, at: deps.clock.now() };
  for (const earlier of await relinkCalls(trx, organizationId, spellings, said)) {
    await lookAtCallAgain(trx, organizationId, earlier);
    const changed: DeskChanged = { organizationId, callId: earlier, dismissedBy: null };
    await deps.notifier.publish(trx, deskChannel, changed);
  }
}
