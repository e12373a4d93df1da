import type { CallWatcher } from '../calls/book-events.ts';
import { moveTag } from './case-tag-store.ts';
import { moveNotes } from './note-store.ts';
import { moveWrites } from './outbox-store.ts';
import { wrapUpChanges, wrapUpPlans } from './wrap-up.ts';
import { beginWrapUps, moveWrapUps, suspendWrapUps } from './wrap-up-store.ts';

/** What follows for the agents' work when a call changes: wrap-ups begin, and what was noted goes along into the call that stays. */
export const watchCalls: CallWatcher = {
  async changed(trx, call, before) {
    const { begun, resumed } = wrapUpChanges(call, before);
    const { organizationId, id } = call;
    if (begun.length > 0) await beginWrapUps(trx, organizationId, id, begun, wrapUpPlans);
    if (resumed.length > 0) await suspendWrapUps(trx, organizationId, id, resumed);
  },
  async merged(trx, organizationId, from, into) {
    await moveWrapUps(trx, organizationId, from, into);
    await moveNotes(trx, organizationId, from, into);
    await moveTag(trx, organizationId, from, into);
    await moveWrites(trx, organizationId, from, into);
  },
};
