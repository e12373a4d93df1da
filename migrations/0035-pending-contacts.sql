-- What agents said of people that the CRM does not have yet: it counts here at once, until the write to the CRM (outbox_write) is
-- delivered or dropped. The mirror's own tables hold nothing but what the CRM told.

-- A contact that is being made.
create table pending_contact (
  organization_id uuid not null,
  connection_id uuid not null,
  -- 'new-' and the id of the write that makes it.
  id text not null,
  first_name text not null,
  last_name text not null,
  name text not null,
  email text not null,
  title text not null,
  -- The CRM's id, or 'new-' and the id of a write where the company is being made too; null: none.
  customer_id text,
  -- Of a company that is being made; else ''.
  customer_name text not null,
  -- The outbox's lane: what refers to this contact before it is there goes the same way.
  lane text not null,
  person_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, connection_id, id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete set null (person_id)
);

-- A number that is being written to a record, or to a contact that is being made; rows like those of phone_number.
create table pending_number (
  organization_id uuid not null,
  connection_id uuid not null,
  owner_kind text not null check (owner_kind in ('contact', 'consumer', 'customer')),
  owner_id text not null,
  -- The CRM's name of the field, and what people call it.
  field text not null,
  part smallint not null,
  label text not null,
  raw text not null,
  country text not null,
  e164 text,
  extension text not null,
  -- The write that carries it; a later one for the same field takes its place.
  write_id uuid not null,
  person_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, connection_id, owner_kind, owner_id, field, part),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete set null (person_id)
);
create index pending_number_e164 on pending_number (organization_id, e164) where e164 is not null;
create index pending_number_write on pending_number (organization_id, write_id);
