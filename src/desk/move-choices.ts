import { renameRemembered } from '../directory/caller-memory-store.ts';
import { candidateKey } from '../directory/match.ts';
import { pendingId } from '../directory/pending-contact.ts';
import type { Place } from '../directory/record-store.ts';
import type { Database } from '../platform/database/database.ts';
import { notify } from '../platform/notifier.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import { dropChoices, renameChoices } from './relink-store.ts';

/**
 * Calls that were said to be with a contact which a write was making are with the CRM's record `id` from then on; with nobody when
 * it will never be made (null). They are told, and written down anew.
 */
export async function moveChoices(
  trx: Database,
  { organizationId, connectionId }: Place,
  writeId: string,
  id: string | null,
): Promise<void> {
  const from = candidateKey('contact', connectionId, pendingId(writeId));
  const to = id === null ? null : candidateKey('contact', connectionId, id);
  await renameRemembered(trx, organizationId, { from, to });
  const calls =
    to === null
      ? await dropChoices(trx, organizationId, from)
      : await renameChoices(trx, organizationId, { from, to });
  for (const callId of calls) {
    await lookAtCallAgain(trx, organizationId, callId);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notify(trx, deskChannel, changed);
  }
}
