import { numberVariants } from '../directory/number-variants.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { relinkCalls } from './relink-store.ts';
import { saveChoice } from './store.ts';

type SayDeps = Pick<DeskActionDeps, 'notifier' | 'clock'>;

/**
 * Notes for a call who the other party is, with the caller's own transaction, and has every Desk with the call told. It counts for the
 * call, whoever has it.
 */
export async function sayCaller(
  trx: Database,
  { notifier, clock }: SayDeps,
  { organizationId, personId }: Viewer,
  callId: string,
  key: string,
): Promise<void> {
  await saveChoice(trx, organizationId, { callId, candidateKey: key, personId, at: clock.now() });
  const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
  await notifier.publish(trx, deskChannel, changed);
}

/**
 * The same, where the number of the call belongs to the record from now on: when nobody was known to have it, earlier calls from and to
 * it were with this record too.
 */
export async function sayOwner(
  trx: Database,
  deps: SayDeps,
  viewer: Viewer,
  { callId, caller, match }: Pick<Pop, 'callId' | 'caller' | 'match'>,
  key: string,
): Promise<void> {
  await sayCaller(trx, deps, viewer, callId, key);
  if (caller.e164 === null || match.candidates.length > 0) return;
  const { organizationId, personId } = viewer;
  const spellings = [
    ...new Set([...numberVariants(caller.e164), caller.raw, caller.e164.slice(1)]),
  ];
  const said = { candidateKey: key, personId, at: deps.clock.now() };
  for (const earlier of await relinkCalls(trx, organizationId, spellings, said)) {
    const changed: DeskChanged = { organizationId, callId: earlier, dismissedBy: null };
    await deps.notifier.publish(trx, deskChannel, changed);
  }
}
