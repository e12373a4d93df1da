-- Who and what is configured. Every table leads with organization_id.

create table organization (
  id uuid primary key,
  -- Counts up with every Save of Manage Organization; also the row that Saves lock, one after the other.
  version integer not null default 1,
  name text not null,
  -- ISO 3166 alpha-2; decides how national phone numbers are read.
  country text not null check (country ~ '^[A-Z]{2}$'),
  -- IANA name.
  time_zone text not null,
  created_at timestamptz not null default current_timestamp
);

create table plan_seats (
  organization_id uuid not null references organization (id) on delete cascade,
  plan text not null check (plan in ('View', 'Core', 'Engage', 'Enterprise')),
  total integer not null check (total >= 0),
  primary key (organization_id, plan)
);

create table person (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  -- Null until the invitation is accepted. An account belongs to one person.
  user_id uuid unique references account_user (id) on delete set null,
  name text not null,
  email text not null,
  role text not null check (role in ('agent', 'supervisor', 'administrator')),
  plan text check (plan in ('View', 'Core', 'Engage', 'Enterprise')),
  extension text,
  active boolean not null default true,
  created_at timestamptz not null default current_timestamp,
  primary key (organization_id, id)
);
create unique index person_email on person (organization_id, email);
-- One extension belongs to one active person; who has left may keep theirs on record.
create unique index person_extension on person (organization_id, extension) where active;

create table invitation (
  organization_id uuid not null,
  person_id uuid not null,
  -- SHA-256 of the token in the link; the token itself is not kept.
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default current_timestamp,
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);

create table crm_connection (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  platform text not null,
  -- Public settings by field name.
  settings jsonb not null default '{}',
  -- Secrets by field name, each sealed with the context crm_connection:<organization>:<id>:<field>.
  secrets jsonb not null default '{}',
  is_primary boolean not null default false,
  state text not null default 'new' check (state in ('new', 'unchecked', 'ok', 'warning', 'failed')),
  last_check_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  primary key (organization_id, id)
);
create unique index crm_connection_primary on crm_connection (organization_id) where is_primary;

create table crm_user_mapping (
  organization_id uuid not null,
  person_id uuid not null,
  connection_id uuid not null,
  -- The CRM's own id of the user (ServiceNow: sys_id). The mirror may lack it for a while, so no foreign key.
  crm_user_id text not null,
  primary key (organization_id, person_id, connection_id),
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade,
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
-- One CRM user belongs to one person.
create unique index crm_user_mapping_user on crm_user_mapping (organization_id, connection_id, crm_user_id);

create table phone_system (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  kind text not null,
  name text not null,
  -- SHA-256 of the token in the webhook's URL; the token itself is not kept.
  token_hash bytea not null unique,
  -- Sealed with the context phone_system:<organization>:<id>:hmac; null: unsigned events are taken.
  hmac_secret text,
  last_event_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  primary key (organization_id, id)
);

-- Who changed what, when. `detail` never holds a secret.
create table audit_entry (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  at timestamptz not null,
  -- Null: the hub itself (set-up from the environment). No foreign key: the entry outlives the person.
  person_id uuid,
  person_name text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  primary key (organization_id, id)
);
create index audit_entry_at on audit_entry (organization_id, at);
