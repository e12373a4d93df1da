import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { EarlierCalls } from './earlier-call-contract.ts';
import type { EarlierPlace } from './earlier-call-store.ts';
import { earlierCallsOf, withPage } from './earlier-calls.ts';
import { workCall } from './work-call.ts';

/**
 * Calls with the caller of a call that the viewer has, those before `after`: whoever is connected with a caller sees what colleagues
 * noted of the same caller. Throws like workCall, and `invalid-input` for an `after` that is none.
 */
export async function moreEarlierCalls(
  db: Database,
  viewer: Viewer,
  callId: string,
  after: string | undefined,
): Promise<EarlierCalls> {
  requirePermission(viewer, 'earlier-calls');
  const { view, extension } = await workCall(db, viewer, callId, 'history');
  const { caller, chosen, facts } = await view.partyOf(extension);
  const { id, startedAt } = view.call;
  const before = after === undefined ? { callId: id, startedAt } : placeOf(after);
  const of = { caller, shownKey: chosen?.key ?? null, link: facts.link };
  return earlierCallsOf(db, viewer.organizationId, of, before, withPage);
}

function placeOf(cursor: string): EarlierPlace {
  const [, at = '', callId = ''] =
    /^(.+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  const startedAt = new Date(at);
  if (!Number.isNaN(startedAt.getTime())) return { startedAt, callId };
  throw new RingsideError('invalid-input', 'This is not the place of a call.', {
    fix: 'Begin with the pop again.',
    fields: [{ field: 'after', message: 'Take it from `next` of what was shown before.' }],
  });
}
