import type { PersonField } from '../crm/port.ts';
import { crmPlatforms } from '../crm/registry.ts';
import { findCandidate } from '../directory/match-number.ts';
import { candidateKey, parseCaseKey } from '../directory/match.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { writeOfPending } from '../directory/pending-contact.ts';
import { pendingContactById } from '../directory/pending-store.ts';
import type { NumberOwner } from '../directory/pending-store.ts';
import { ownerOfCase } from '../directory/record-fields-store.ts';
import type { Place } from '../directory/record-store.ts';
import { connectionById } from '../organization/connection-store.ts';
import { findPlatform } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { RecordRef } from './outbox.ts';

/** A person or company that an agent named, and how the CRM is told about it. */
export interface CallerTarget {
  /** Of the record itself, also when a case was named. */
  key: string;
  place: Place;
  owner: NumberOwner;
  candidate: MatchCandidate;
  /** What may be changed of it, in the order of a form. */
  fields: readonly PersonField[];
  ref: RecordRef;
  /** The outbox's lane that writes to it have to take; null: any. */
  lane: string | null;
}

/** Finds what a key of a candidate or a search result names. Throws `not-found`, `conflict` for a CRM user, whom nobody changes from here. */
export async function callerTarget(
  db: Database,
  organizationId: string,
  key: string,
): Promise<CallerTarget> {
  const named = (await caseOwnerKey(db, organizationId, key)) ?? key;
  const candidate = await findCandidate(db, organizationId, named);
  if (candidate === null) throw recordGone();
  const { connectionId, kind, id } = candidate;
  if (kind === 'user')
    throw new RingsideError('conflict', `${candidate.name} is a user of the CRM and no customer.`, {
      fix: 'Have an administrator of the CRM change the user there.',
    });
  const place = { organizationId, connectionId };
  const connection = await connectionById(db, organizationId, connectionId);
  const platform = findPlatform(connection?.platform ?? '', crmPlatforms);
  const writeId = writeOfPending(id);
  const pending = writeId === null ? null : await pendingContactById(db, place, id);
  return {
    key: candidate.key,
    place,
    owner: { kind, id },
    candidate,
    fields: platform?.people.fields[kind] ?? [],
    ref: writeId === null ? { id } : { write: writeId },
    lane: pending?.lane ?? null,
  };
}

/** The record is neither here nor, as far as we know, in the CRM. */
export function recordGone(): RingsideError {
  return new RingsideError('not-found', 'This record is not there any more.', {
    fix: 'It was deleted or made inactive in ServiceNow meanwhile. Search again.',
  });
}

async function caseOwnerKey(
  db: Database,
  organizationId: string,
  key: string,
): Promise<string | null> {
  const named = parseCaseKey(key);
  if (named === null) return null;
  const { connectionId, id } = named;
  const owner = await ownerOfCase(db, { organizationId, connectionId }, id);
  if (owner !== null) return candidateKey(owner.kind, connectionId, owner.id);
  throw new RingsideError('not-found', 'Nobody is known for whom this case was opened.', {
    fix: 'Search for the person or the company.',
  });
}
