import type { CallView } from './call-view.ts';
import type { DeskStateDeps } from './desk-state.ts';
import { partOf } from './part.ts';
import type { PersonDesk } from './person-desk.ts';
import { isFresh } from './pop.ts';
import { dismissedCalls } from './store.ts';

/** Brings a changed call to one person's screens: as a new or changed pop, or as one that is gone. */
export async function tellDesk(
  { db, clock }: DeskStateDeps,
  desk: PersonDesk,
  view: CallView,
): Promise<void> {
  const { call } = view;
  const { extension } = desk;
  const part = extension === null || call.mergedInto !== null ? null : partOf(call, extension);
  if (extension === null || part === null) {
    return desk.sendGone({ callId: call.id, reason: 'withdrawn', by: null });
  }
  if (part.kind === 'answered-elsewhere') {
    if (!desk.shows(call.id)) return;
    return desk.sendGone({ callId: call.id, reason: part.kind, by: await view.nameOf(part.by) });
  }
  // One that is no longer fresh may be in wrap-up, or just have been finished.
  if (!isFresh(call, part, clock.now()) && !desk.shows(call.id)) return;
  // One that is on the screens was not dismissed, or the screens are about to be told.
  if (part.state === 'ended' && !desk.shows(call.id)) {
    const { organizationId, personId } = desk;
    const dismissed = await dismissedCalls(db, organizationId, personId, [call.id]);
    if (dismissed.size > 0) return;
  }
  desk.sendPop(await view.popFor(extension, part));
}
