import { sql } from 'kysely';
import type { RawPhone } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { readNumbers } from './number-row.ts';
import { pendingId } from './pending-contact.ts';
import type { Place } from './record-store.ts';

/*
 * What agents said of people that the CRM does not have yet (migration 0035): matched like the mirror's own until the write that
 * carries it is settled.
 */

/** Somebody with a telephone number: a record of the CRM, or a contact that is being made. */
export interface NumberOwner {
  kind: 'contact' | 'consumer' | 'customer';
  id: string;
}

export interface NewPendingContact {
  writeId: string;
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  /** The CRM's id, or a pending one (pending-contact.ts). */
  customerId: string | null;
  /** Of a company that is being made; else ''. */
  customerName: string;
  lane: string;
}

/** Who ordered it, and when. */
export interface OrderedBy {
  personId: string;
  at: Date;
}

/** Keeps others from changing the same thing until the transaction ends. */
export async function lockForChange(trx: Database, what: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(trx);
}

/** The contact is a candidate from now on. */
export async function addPendingContact(
  trx: Database,
  place: Place,
  contact: NewPendingContact,
  { personId, at }: OrderedBy,
): Promise<void> {
  const name = `${contact.firstName} ${contact.lastName}`;
  await sql`
    insert into pending_contact (organization_id, connection_id, id, first_name, last_name, name, email, title,
      customer_id, customer_name, lane, person_id, created_at)
    values (${place.organizationId}, ${place.connectionId}, ${pendingId(contact.writeId)}, ${contact.firstName},
      ${contact.lastName}, ${name}, ${contact.email}, ${contact.title}, ${contact.customerId}, ${contact.customerName},
      ${contact.lane}, ${personId}, ${at})
  `.execute(trx);
}

/** The numbers of a field count from now on, in the place of those that an earlier order put there. */
export async function addPendingNumbers(
  trx: Database,
  place: Place,
  owner: NumberOwner,
  { phone, writeId, country, home }: PendingNumbers,
  { personId, at }: OrderedBy,
): Promise<void> {
  await sql`
    delete from pending_number
    where ${ownedBy(place, owner)} and field = ${phone.field}
  `.execute(trx);
  const numbers = readNumbers(phone.raw, country, home);
  if (numbers.length === 0) return;
  await sql`
    insert into pending_number (organization_id, connection_id, owner_kind, owner_id, field, part, label, raw, country,
      e164, extension, write_id, person_id, created_at)
    select ${place.organizationId}, ${place.connectionId}, ${owner.kind}, ${owner.id}, ${phone.field}, number.part - 1,
      ${phone.label}, ${phone.raw}, ${country}, number.e164, number.extension, ${writeId}, ${personId}, ${at}::timestamptz
    from unnest(
      ${numbers.map(({ e164 }) => e164)}::text[], ${numbers.map(({ extension }) => extension)}::text[]
    ) with ordinality as number (e164, extension, part)
  `.execute(trx);
}

export interface PendingNumbers {
  phone: RawPhone;
  writeId: string;
  /** ISO 3166 alpha-2 of the record, '' when it has none, and of the organization: how national forms are read. */
  country: string;
  home: string;
}

/** A field that is being written, as it will stand in the CRM. */
export interface PendingField {
  field: string;
  raw: string;
  at: Date;
  /** Null when that person is gone. */
  by: string | null;
}

export async function pendingFieldsOf(
  db: Database,
  place: Place,
  owner: NumberOwner,
): Promise<PendingField[]> {
  const { rows } = await sql<PendingField>`
    select field, raw, created_at as at, (
      select name from person where person.organization_id = pending_number.organization_id and id = person_id
    ) as by
    from pending_number
    where ${ownedBy(place, owner)} and part = 0
  `.execute(db);
  return rows;
}

export interface PendingContact {
  id: string;
  firstName: string;
  lastName: string;
  name: string;
  email: string;
  title: string;
  customerId: string | null;
  customerName: string;
  lane: string;
  at: Date;
  by: string | null;
}

const pendingContacts = sql`
  select id, first_name as "firstName", last_name as "lastName", name, email, title, customer_id as "customerId",
    customer_name as "customerName", lane, created_at as at, (
      select person.name from person
      where person.organization_id = pending_contact.organization_id and person.id = person_id
    ) as by
  from pending_contact`;

/** A contact that is being made; null when there is none with this id, also when it has been made. */
export async function pendingContactById(
  db: Database,
  place: Place,
  id: string,
): Promise<PendingContact | null> {
  const { rows } = await sql<PendingContact>`
    ${pendingContacts}
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId} and id = ${id}
  `.execute(db);
  return rows[0] ?? null;
}

/** A contact of that name that is being made already: for the same number (its matchKey) or in the same lane; null when there is none. */
export async function pendingNamesake(
  db: Database,
  organizationId: string,
  { name, e164, lane }: { name: string; e164: string | null; lane: string },
): Promise<PendingContact | null> {
  const { rows } = await sql<PendingContact>`
    ${pendingContacts}
    where organization_id = ${organizationId} and lower(name) = lower(${name}) and (
      lane = ${lane} or (connection_id, id) in (
        select connection_id, owner_id from pending_number
        where organization_id = ${organizationId} and e164 = ${e164}
      )
    )
    limit 1
  `.execute(db);
  return rows[0] ?? null;
}

function ownedBy(place: Place, owner: NumberOwner) {
  return sql`organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
    and owner_kind = ${owner.kind} and owner_id = ${owner.id}`;
}

/** Forgets what a write carried: it will never come about. */
export async function dropPending(
  trx: Database,
  organizationId: string,
  writeId: string,
): Promise<void> {
  const id = pendingId(writeId);
  await sql`
    delete from pending_number
    where organization_id = ${organizationId} and (write_id = ${writeId} or owner_id = ${id})
  `.execute(trx);
  await sql`
    delete from pending_contact where organization_id = ${organizationId} and id = ${id}
  `.execute(trx);
}

/** The telephone fields that a write carries. */
export async function phonesOfWrite(
  trx: Database,
  organizationId: string,
  writeId: string,
): Promise<RawPhone[]> {
  const { rows } = await sql<RawPhone>`
    select field, label, raw from pending_number
    where organization_id = ${organizationId} and write_id = ${writeId} and part = 0
    order by field
  `.execute(trx);
  return rows;
}

/** What still refers to a record under its pending id refers to the CRM's from now on. */
export async function renamePending(
  trx: Database,
  place: Place,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await sql`
    update pending_number set owner_id = ${to}
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
      and owner_kind = 'contact' and owner_id = ${from}
  `.execute(trx);
  await sql`
    update pending_contact set customer_id = ${to}, customer_name = ''
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId} and customer_id = ${from}
  `.execute(trx);
}

/**
 * The numbers that a write carried stand in the mirror from now on, in the place of what stood in their fields. The record's
 * fingerprint stays, so that the next round of changes writes what the CRM made of it.
 */
export async function moveNumbers(
  trx: Database,
  organizationId: string,
  writeId: string,
): Promise<void> {
  const carried = sql`
    select distinct organization_id, connection_id, owner_kind, owner_id, field from pending_number
    where organization_id = ${organizationId} and write_id = ${writeId}`;
  const sameField = sql`p.organization_id = carried.organization_id and p.connection_id = carried.connection_id
    and p.owner_kind = carried.owner_kind and p.owner_id = carried.owner_id`;
  await sql`
    delete from phone_number p using (${carried}) carried where ${sameField} and p.field = carried.field
  `.execute(trx);
  await sql`
    insert into phone_number (organization_id, connection_id, owner_kind, owner_id, ordinal, part, field, label, raw,
      country, e164, extension)
    select carried.organization_id, carried.connection_id, carried.owner_kind, carried.owner_id,
      coalesce((select max(ordinal) from phone_number p where ${sameField}), -1)
        + dense_rank() over (partition by carried.connection_id, carried.owner_kind, carried.owner_id order by carried.field),
      carried.part, carried.field, carried.label, carried.raw, carried.country, carried.e164, carried.extension
    from pending_number carried
    where carried.organization_id = ${organizationId} and carried.write_id = ${writeId}
  `.execute(trx);
  await dropPending(trx, organizationId, writeId);
}
