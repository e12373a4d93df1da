-- The mirror of people, customers, contacts and cases, and the index of their telephone numbers. A
-- pop is served from here and never waits for the CRM. Made for a million contacts: every key and
-- every join leads with organization_id, then connection_id.
--
-- The five tables of mirrored rows have no foreign key to crm_connection: checking it took 40 % of
-- a first pull (5 µs a row). The trigger forget_mirror deletes what a foreign key would, and only a
-- pull writes here, which holds its row of directory_pull, that has one.

-- People who work in the CRM (ServiceNow: sys_user). Persons are mapped to them.
create table crm_user (
  organization_id uuid not null,
  connection_id uuid not null,
  -- The CRM's own id, as in every table here.
  id text not null,
  name text not null,
  first_name text not null,
  last_name text not null,
  user_name text not null,
  email text not null,
  title text not null,
  country text not null,
  active boolean not null,
  -- When the CRM last changed the record; null when it does not say.
  updated_at timestamptz,
  -- Hash of everything the CRM told about the record, telephone numbers included: a pull writes
  -- only what differs.
  fingerprint uuid not null,
  primary key (organization_id, connection_id, id)
);
create index crm_user_email on crm_user (organization_id, connection_id, lower(email)) where email <> '';

create table customer (
  organization_id uuid not null,
  connection_id uuid not null,
  id text not null,
  name text not null,
  number text not null,
  city text not null,
  country text not null,
  updated_at timestamptz,
  fingerprint uuid not null,
  primary key (organization_id, connection_id, id)
);

-- A contact works for a customer, a consumer is a customer by themselves.
create table contact (
  organization_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('contact', 'consumer')),
  id text not null,
  name text not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  title text not null,
  city text not null,
  country text not null,
  language text not null,
  active boolean not null,
  -- No foreign key: the CRM may show a contact and hide its customer, and pages arrive in any
  -- order.
  customer_id text,
  updated_at timestamptz,
  fingerprint uuid not null,
  primary key (organization_id, connection_id, kind, id)
);
create index contact_without_name on contact (organization_id, connection_id)
  where active and (first_name = '' or last_name = '');

create table crm_case (
  organization_id uuid not null,
  connection_id uuid not null,
  id text not null,
  number text not null,
  short_description text not null,
  state_value text not null,
  state_label text not null,
  priority_value text not null,
  priority_label text not null,
  -- 1 = most urgent; 99 unknown.
  priority_rank smallint not null,
  open boolean not null,
  customer_id text,
  contact_id text,
  consumer_id text,
  assigned_to_id text,
  opened_at timestamptz,
  updated_at timestamptz,
  fingerprint uuid not null,
  primary key (organization_id, connection_id, id)
);
-- The open cases of a caller, in the order in which they are shown.
create index crm_case_contact on crm_case (organization_id, connection_id, contact_id, priority_rank, opened_at)
  where open and contact_id is not null;
create index crm_case_consumer on crm_case (organization_id, connection_id, consumer_id, priority_rank, opened_at)
  where open and consumer_id is not null;
create index crm_case_customer on crm_case (organization_id, connection_id, customer_id, priority_rank, opened_at)
  where open and customer_id is not null;

-- Every telephone number of every record, one row each; a field may hold several.
create table phone_number (
  organization_id uuid not null,
  connection_id uuid not null,
  owner_kind text not null check (owner_kind in ('contact', 'consumer', 'customer', 'user')),
  owner_id text not null,
  -- Where the field stands among the record's numbers, from 0, and which of the numbers in the
  -- field this is, from 0.
  ordinal smallint not null,
  part smallint not null,
  -- The CRM's name of the field, and what people call it.
  field text not null,
  label text not null,
  -- The whole field as stored in the CRM.
  raw text not null,
  -- ISO 3166 alpha-2 of the record's own country, '' when it has none: then the organization's
  -- decides.
  country text not null,
  -- E.164 in the form that is compared (directory/renumbering.ts); null: nobody can dial it.
  e164 text,
  extension text not null,
  primary key (organization_id, connection_id, owner_kind, owner_id, ordinal, part)
);
-- The look-up that every ringing call makes.
create index phone_number_e164 on phone_number (organization_id, e164) where e164 is not null;
create index phone_number_undiallable on phone_number (organization_id, connection_id) where e164 is null;

-- The latest pull of a connection. It holds a lease while it runs: a pull whose process died is
-- followed by another one soon.
create table directory_pull (
  organization_id uuid not null,
  connection_id uuid not null,
  -- Of the pull that may write; another one that still tries to is refused.
  pull_id uuid not null,
  status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
  started_at timestamptz not null,
  -- Sign of life while it runs.
  alive_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, connection_id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- How far each kind of record is.
create table directory_progress (
  organization_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('users', 'customers', 'contacts', 'cases')),
  pull_id uuid not null,
  status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
  done integer not null,
  total integer,
  -- Resumes the pull after the last page that was written.
  cursor text,
  -- When the last complete pull of this kind began: all that the CRM knew then is here.
  complete_as_of timestamptz,
  primary key (organization_id, connection_id, kind),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- The ids that the running pull has seen, a row for each page and type of record, so that what it
-- has not seen can be deleted at its end. (A row for each record would cost 15 % of the pull's
-- speed.)
create table directory_seen (
  organization_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('users', 'customers', 'contacts', 'cases')),
  page integer not null,
  type text not null check (type in ('user', 'customer', 'contact', 'consumer', 'case')),
  ids text[] not null,
  primary key (organization_id, connection_id, kind, page, type),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

create function forget_mirror() returns trigger language plpgsql as $$
begin
  delete from phone_number where organization_id = old.organization_id and connection_id = old.id;
  delete from crm_case where organization_id = old.organization_id and connection_id = old.id;
  delete from contact where organization_id = old.organization_id and connection_id = old.id;
  delete from customer where organization_id = old.organization_id and connection_id = old.id;
  delete from crm_user where organization_id = old.organization_id and connection_id = old.id;
  return null;
end $$;
-- Its name sorts after those of the foreign keys' own triggers, so that it runs when
-- directory_pull's row is gone: a page that is being written holds that row, and what it wrote is
-- deleted too.
create trigger forget_mirror after delete on crm_connection for each row execute function forget_mirror();
