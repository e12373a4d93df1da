import type { Contact, Customer } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { pendingId } from './pending-contact.ts';
import {
  dropPending,
  moveNumbers,
  pendingContactById,
  phonesOfWrite,
  renamePending,
} from './pending-store.ts';
import { isMirrored } from './record-store.ts';
import type { Place } from './record-store.ts';
import { writeLiveWith } from './write-live.ts';

/**
 * The CRM made a contact: under its own id it stands in the mirror at once, as we wrote it, until a round of changes brings what the
 * CRM made of it. Nothing happens when it is not pending any more. `trx` is the transaction that notes the delivery.
 */
export async function contactMade(
  trx: Database,
  place: Place,
  writeId: string,
  id: string,
): Promise<void> {
  const pending = await pendingContactById(trx, place, pendingId(writeId));
  if (pending === null) return;
  const phones = await phonesOfWrite(trx, place.organizationId, writeId);
  const { name, firstName, lastName, email, title, customerId } = pending;
  const made: Contact = {
    ...{ type: 'contact', id, name, firstName, lastName, email, title, customerId, phones },
    ...{ active: true, country: '', city: '', language: '', updatedAt: null },
  };
  if (!(await isMirrored(trx, place, 'contact', id))) await writeLiveWith(trx, place, [made]);
  await dropOwn(trx, place, writeId, id);
}

/** The CRM made a company; whoever is being made for it works for it now. */
export async function customerMade(
  trx: Database,
  place: Place,
  writeId: string,
  made: { id: string; name: string; number: string },
): Promise<void> {
  const record: Customer = {
    ...{ type: 'customer', ...made, city: '', country: '', phones: [], updatedAt: null },
  };
  if (!(await isMirrored(trx, place, 'customer', made.id)))
    await writeLiveWith(trx, place, [record]);
  await renamePending(trx, place, { from: pendingId(writeId), to: made.id });
}

/** The CRM took the numbers that a write carried. */
export const numbersWritten = moveNumbers;

/** Its own numbers came with the contact; those that a later write adds to it wait on, under the CRM's id. */
async function dropOwn(trx: Database, place: Place, writeId: string, id: string): Promise<void> {
  const from = pendingId(writeId);
  await renamePending(trx, place, { from, to: id });
  await dropPending(trx, place.organizationId, writeId);
}
