import { matchKey } from '../directory/renumbering.ts';
import { addPendingNumbers, lockForChange } from '../directory/pending-store.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { viewCall } from './call-view.ts';
import { standingFields } from './caller-record.ts';
import { callerTarget } from './caller-target.ts';
import type { NumberAttachment } from './caller-contract.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { CallerNumber, Pop } from './contract.ts';
import { orderWrite } from './outbox-store.ts';
import { ownCall } from './own-call.ts';
import { refuseOverwriting } from './overwriting.ts';
import { sayOwner } from './say-caller.ts';
import { updateOf } from './update-of.ts';

/**
 * Writes the number of a call to a record of the CRM and says that this is the caller. It counts here at once, so that the next call
 * pops; the CRM hears of it through the outbox. Answers the pop. Throws `plan-required`, `permission-required`, `not-found` (call or record), `conflict` (the
 * call has no number that can be dialled; something else stands in the field meanwhile), `invalid-input` (no such field).
 */
export async function attachNumber(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  { key, field, replaces }: NumberAttachment,
): Promise<Pop> {
  requireFeature(viewer, 'contacts');
  requirePermission(viewer, 'attach-numbers');
  const { db, clock } = deps;
  const { organizationId, personId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const before = await view.popFor(extension, part);
  const number = numberToKeep(before.caller);
  const target = await callerTarget(db, organizationId, key);
  const { place, owner, candidate } = target;
  const column = target.fields.find((one) => one.name === field);
  if (column === undefined)
    throw new RingsideError('invalid-input', `${candidate.name} has no such telephone field.`, {
      fields: [{ field: 'field', message: 'This kind of record has no such field.' }],
    });
  const home = (await organizationById(db, organizationId))?.country ?? '';
  await db.transaction().execute(async (trx) => {
    await lockForChange(trx, target.key);
    const standing = await standingFields(trx, target);
    const now = standing.find((one) => one.name === field);
    const same = callerNumber(now?.value ?? '', home).e164;
    if (same === null || matchKey(same) !== matchKey(number)) {
      refuseOverwriting(standing, [{ field, value: number, replaces }], 'field', viewer);
      const writeId = await orderWrite(trx, {
        ...{ organizationId, connectionId: place.connectionId, callId, personId },
        lane: target.lane ?? callId,
        subject: `${column.label} of ${candidate.name}`,
        action: updateOf(target, { [field]: number }),
      });
      const phone = { field: column.field, label: column.label, raw: number };
      const by = { personId, at: clock.now() };
      await addPendingNumbers(trx, place, owner, { phone, writeId, country: '', home }, by);
    }
    await sayOwner(trx, deps, viewer, view.call, before, target.key);
  });
  return viewCall(db, view.call).popFor(extension, part);
}

/** The number of a call in the form that the CRM gets. Throws `conflict` where there is none that anybody could dial. */
export function numberToKeep(caller: CallerNumber): string {
  if (caller.e164 !== null) return caller.e164;
  const { anonymous, raw } = caller;
  const why =
    anonymous || raw === ''
      ? 'The number of this call is withheld, so there is none to keep.'
      : `${raw} is not a number that can be dialled from outside, so it is not kept with a record.`;
  throw new RingsideError('conflict', why, {
    fix: 'Say who it is for this call alone.',
  });
}
