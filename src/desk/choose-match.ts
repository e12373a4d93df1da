import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { Viewer } from '../organization/viewer.ts';
import { viewCall } from './call-view.ts';
import { consultedCall } from './consultation.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { Pop } from './contract.ts';
import { ownCall } from './own-call.ts';
import { rememberCaller } from '../directory/caller-memory-store.ts';
import { matchKey } from '../directory/renumbering.ts';
import { chosenCandidate, saveChoice } from './store.ts';

export interface DeskActionDeps {
  db: Database;
  notifier: Notifier;
  clock: Clock;
}

/**
 * Says which of several candidates the caller is. It counts for the call, whoever has it, so it goes along with a
 * transfer, and is remembered for the next call from that number. Answers the pop as the viewer sees it now. Throws `not-found`, `invalid-input` (not a candidate).
 */
export async function chooseMatch(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  key: string,
): Promise<Pop> {
  const { db, notifier, clock } = deps;
  const { organizationId, personId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const { match, caller } = await view.popFor(extension, part);
  if (!match.candidates.some((candidate) => candidate.key === key)) {
    throw new RingsideError('invalid-input', 'This is none of the candidates for the caller.', {
      fix: 'Choose one of those shown; the list may have changed meanwhile.',
      fields: [{ field: 'key', message: 'None of the candidates for this call has this key.' }],
    });
  }
  const about = await consultedCall(db, view.call);
  await db.transaction().execute(async (trx) => {
    const at = clock.now();
    const choice = { candidateKey: key, personId, at };
    await saveChoice(trx, organizationId, { callId, ...choice });
    // Said in a consultation, it also counts for the colleague who asks, unless they said who it is.
    if (about !== null && (await chosenCandidate(trx, organizationId, about.id)) === null) {
      await saveChoice(trx, organizationId, { callId: about.id, ...choice });
      await notifier.publish(trx, deskChannel, {
        organizationId,
        callId: about.id,
        dismissedBy: null,
      } satisfies DeskChanged);
    }
    if (caller.e164 !== null && match.status === 'several')
      await rememberCaller(trx, organizationId, matchKey(caller.e164), choice);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}
