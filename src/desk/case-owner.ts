import type { WriteValues } from '../crm/write.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { isPending, writeOfPending } from '../directory/pending-contact.ts';
import { pendingContactById } from '../directory/pending-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { RecordRef } from './outbox.ts';

/**
 * Whom a new case is for, as far as the CRM has them. Companies and people have fields of their own; a user of the CRM is no customer.
 */
export function ownerValues(candidate: MatchCandidate | null): WriteValues<'case'> {
  if (candidate === null) return {};
  const { kind, id, customer } = candidate;
  const customerId = customer === null || isPending(customer.id) ? null : customer.id;
  const company = customerId === null ? {} : { customerId };
  if (isPending(id)) return company;
  switch (kind) {
    case 'contact':
      return { contactId: id, ...company };
    case 'consumer':
      return { consumerId: id };
    case 'customer':
      return { customerId: id };
    default:
      return {};
  }
}

/** The same for the outbox: a contact or company that it is still making is named by its write, and the case takes the same lane. */
export async function caseOwner(
  db: Database,
  organizationId: string,
  candidate: MatchCandidate | null,
): Promise<{
  values: WriteValues<'case'>;
  refs: { contact?: RecordRef; customer?: RecordRef };
  lane: string | null;
}> {
  const values = ownerValues(candidate);
  const contact = candidate?.kind === 'contact' ? writeOfPending(candidate.id) : null;
  const customer = writeOfPending(candidate?.customer?.id ?? '');
  if (candidate === null || contact === null) return { values, refs: {}, lane: null };
  const place = { organizationId, connectionId: candidate.connectionId };
  const pending = await pendingContactById(db, place, candidate.id);
  return {
    values,
    refs: { contact: { write: contact }, ...(customer && { customer: { write: customer } }) },
    lane: pending?.lane ?? null,
  };
}
