import { placeCall } from '../calls/place-call.ts';
import type { PlaceCallDeps } from '../calls/place-call.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { organizationById } from '../organization/organization-store.ts';
import { requirePlan } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { readDialled } from '../telephony/dialled.ts';

/**
 * Click-to-call: rings the viewer's phone first and, once it is lifted, dials. Throws `invalid-input` for what is no number, and in words
 * what else went wrong.
 */
export async function callNumber(
  deps: PlaceCallDeps,
  viewer: Viewer,
  typed: string,
): Promise<void> {
  requirePlan(viewer, 'View');
  const { organizationId, personId, extension } = viewer;
  if (extension === null)
    throw new RingsideError('conflict', 'You have no phone extension, so no phone can be rung.', {
      fix: 'Ask an administrator to give you one under CRM User Mappings.',
    });
  const country = (await organizationById(deps.db, organizationId))?.country ?? 'US';
  // Internal numbers and codes such as *97 belong to no country and are dialled as they stand.
  const number = /^[0-9*#]{1,6}$/.test(typed) ? typed : callerNumber(typed, country).e164;
  await placeCall(deps, { organizationId, personId, extension }, readDialled(number ?? typed));
}
