import { placeCall } from '../calls/place-call.ts';
import type { PlaceCallDeps } from '../calls/place-call.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';

/**
 * Click-to-call: rings the viewer's phone first and, once it is lifted, dials. Throws `invalid-input` for what is no number, and in words
 * what else went wrong.
 */
export async function callNumber(
  deps: PlaceCallDeps,
  viewer: Viewer,
  typed: string,
): Promise<void> {
  requireFeature(viewer, 'click-to-call');
  requirePermission(viewer, 'click-to-call');
  const { organizationId, personId, extension } = viewer;
  if (extension === null)
    throw new RingsideError('conflict', 'You have no phone extension, so no phone can be rung.', {
      fix: 'Ask an administrator to give you one under CRM User Mappings.',
    });
  const number = await dialableNumber(deps.db, organizationId, typed);
  await placeCall(deps, { organizationId, personId, extension }, number);
}

/** What a phone dials for a number as typed. Throws `invalid-input` for what is no number. */
export async function dialableNumber(
  db: Database,
  organizationId: string,
  typed: string,
): Promise<string> {
  // Internal numbers and codes such as *97 belong to no country and are dialled as they stand.
  if (/^[0-9*#]{1,6}$/.test(typed)) return typed;
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const number = callerNumber(typed, country).e164;
  if (number !== null) return number;
  throw new RingsideError('invalid-input', 'This number cannot be dialled.', {
    fix: 'Type it with its country code, such as +49 30 1234567, or an extension.',
    fields: [{ field: 'number', message: 'is no telephone number' }],
  });
}
