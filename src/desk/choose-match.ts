import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { Viewer } from '../organization/viewer.ts';
import { viewCall } from './call-view.ts';
import type { Pop } from './contract.ts';
import { ownCall } from './own-call.ts';
import { sayCaller } from './say-caller.ts';
import { rememberCaller } from '../directory/caller-memory-store.ts';
import { matchKey } from '../directory/renumbering.ts';

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
  const { db, clock } = deps;
  const { organizationId, personId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const { match, caller } = await view.popFor(extension, part);
  if (!match.candidates.some((candidate) => candidate.key === key)) {
    throw new RingsideError('invalid-input', 'This is none of the candidates for the caller.', {
      fix: 'Choose one of those shown; the list may have changed meanwhile.',
      fields: [{ field: 'key', message: 'None of the candidates for this call has this key.' }],
    });
  }
  await db.transaction().execute(async (trx) => {
    await sayCaller(trx, deps, viewer, view.call, key);
    if (caller.e164 === null || match.status !== 'several') return;
    const choice = { candidateKey: key, personId, at: clock.now() };
    await rememberCaller(trx, organizationId, matchKey(caller.e164), choice);
  });
  return viewCall(db, view.call).popFor(extension, part);
}
