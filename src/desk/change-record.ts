import { z } from 'zod';
import { isMasked } from '../directory/mask-numbers.ts';
import { addPendingNumbers, lockForChange } from '../directory/pending-store.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { cleanText } from '../platform/text.ts';
import { viewCall } from './call-view.ts';
import { standingFields } from './caller-record.ts';
import { callerTarget } from './caller-target.ts';
import type { CallerTarget } from './caller-target.ts';
import type { RecordChanges } from './caller-contract.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { orderWrite } from './outbox-store.ts';
import { ownCall } from './own-call.ts';
import { refuseOverwriting } from './overwriting.ts';
import type { FieldChange } from './overwriting.ts';
import { updateOf } from './update-of.ts';

/**
 * Changes numbers, e-mail or title of a record through the outbox; new numbers count here at once. Answers the pop. Throws
 * `plan-required`, `not-found` (call or record), `invalid-input`, `conflict` (something else stands in a field meanwhile).
 */
export async function changeRecord(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: RecordChanges,
): Promise<Pop> {
  requireFeature(viewer, 'contacts');
  requirePermission(viewer, 'change-records');
  const { db, notifier, clock } = deps;
  const { organizationId, personId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const target = await callerTarget(db, organizationId, input.key);
  const home = (await organizationById(db, organizationId))?.country ?? '';
  const changes = checkChanges(target, input.changes, home);
  const { place, owner, candidate, fields } = target;
  await db.transaction().execute(async (trx) => {
    await lockForChange(trx, target.key);
    refuseOverwriting(await standingFields(trx, target), changes, pathOf, viewer);
    const labels = fields
      .filter(({ name }) => changes.some(({ field }) => field === name))
      .map(({ label }) => label);
    const writeId = await orderWrite(trx, {
      ...{ organizationId, connectionId: place.connectionId, callId, personId },
      lane: target.lane ?? callId,
      subject: `${labels.join(', ')} of ${candidate.name}`,
      action: updateOf(
        target,
        Object.fromEntries(changes.map(({ field, value }) => [field, value])),
      ),
    });
    for (const { field, value } of changes) {
      const column = fields.find(({ name }) => name === field);
      if (column === undefined || !column.phone) continue;
      const phone = { field: column.field, label: column.label, raw: value };
      const by = { personId, at: clock.now() };
      await addPendingNumbers(trx, place, owner, { phone, writeId, country: '', home }, by);
    }
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}

const pathOf = (place: number): string => `changes.${place}.value`;

/** Harmless text that fits its field, and telephone numbers that somebody could dial. */
function checkChanges(
  { fields, candidate }: CallerTarget,
  changes: RecordChanges['changes'],
  home: string,
): FieldChange[] {
  const errors: FieldError[] = [];
  const checked = changes.map((change, place) => {
    const column = fields.find(({ name }) => name === change.field);
    const value = cleanText(change.value, 255);
    const wrong =
      column === undefined
        ? `${candidate.name} has no such field.`
        : faultOf(value, { ...column, home });
    if (wrong !== null) errors.push({ field: pathOf(place), message: wrong });
    return { ...change, value };
  });
  if (new Set(changes.map(({ field }) => field)).size < changes.length)
    errors.push({ field: 'changes', message: 'A field can be changed once.' });
  const [first] = errors;
  if (first !== undefined)
    throw new RingsideError('invalid-input', first.message, { fields: errors });
  return checked;
}

/** What is wrong with a value for a field, as a sentence; null: nothing. */
export function faultOf(
  value: string,
  field: { name: string; label: string; size: number; phone: boolean; home: string },
): string | null {
  if (value.length > field.size)
    return `The ${field.label} holds ${field.size} characters; this has ${value.length}.`;
  if (value === '') return null;
  if (isMasked(value))
    return 'This number is hidden from you: leave the field as it is, or type a whole number.';
  if (field.phone && callerNumber(value, field.home).e164 === null)
    return `${value} is not a number that can be dialled: write it with its country code.`;
  if (field.name === 'email' && !z.email().safeParse(value).success)
    return `${value} is not an e-mail address.`;
  return null;
}
