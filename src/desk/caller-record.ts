import type { PersonField } from '../crm/port.ts';
import type { CrmRecord } from '../crm/record.ts';
import { pendingFieldsOf } from '../directory/pending-store.ts';
import { readRecordLive } from '../directory/read-live.ts';
import type { LiveDeps } from '../directory/read-live.ts';
import { phoneTexts } from '../directory/record-fields-store.ts';
import { requireFeature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { callerTarget, recordGone } from './caller-target.ts';
import type { CallerTarget } from './caller-target.ts';
import type { CallerField, CallerRecord } from './caller-contract.ts';
import { ownCall } from './own-call.ts';

/** An agent waits for a form; after this the mirror's knowledge has to do. */
const liveBudgetMs = 2_500;

/**
 * A person or company as the CRM has it now, with what may be changed. Throws `plan-required`, `not-found` for a call that is not the
 * viewer's and for a record that is gone.
 */
export async function readCallerRecord(
  deps: LiveDeps,
  viewer: Viewer,
  callId: string,
  key: string,
): Promise<CallerRecord> {
  requireFeature(viewer, 'contacts');
  const { db } = deps;
  await ownCall(db, viewer, callId);
  const target = await callerTarget(db, viewer.organizationId, key);
  const { candidate, owner, place } = target;
  // What is still being made cannot be read there.
  const read = candidate.provisional
    ? 'silent'
    : await readRecordLive(deps, place, owner, liveBudgetMs);
  if (read === 'gone') throw recordGone();
  const live = read === 'silent' ? null : read;
  return {
    key: target.key,
    kind: owner.kind,
    name: candidate.name,
    company: candidate.customer?.name ?? '',
    fields: await standingFields(db, target, live),
    live: live !== null || candidate.provisional,
  };
}

/** The fields as they stand: what is on its way to the CRM before what it has, that before what the mirror has of it. */
export async function standingFields(
  db: Database,
  { place, owner, fields, candidate }: CallerTarget,
  live: CrmRecord | null = null,
): Promise<CallerField[]> {
  const [pending, mirrored] = await Promise.all([
    pendingFieldsOf(db, place, owner),
    phoneTexts(db, place, owner),
  ]);
  const stored = (field: PersonField): string => {
    if (!field.phone) {
      const person = live !== null && 'email' in live ? live : candidate;
      return field.name === 'email' ? person.email : person.title;
    }
    const phones = live !== null && 'phones' in live ? live.phones : mirrored;
    return phones.find((phone) => phone.field === field.field)?.raw ?? '';
  };
  return fields.map((field) => {
    const { name, label, size, phone } = field;
    const coming = pending.find((one) => one.field === field.field);
    return {
      ...{ name, label, size, phone },
      value: coming?.raw ?? stored(field),
      pending: coming === undefined ? null : { at: coming.at.toISOString(), by: coming.by },
    };
  });
}
