-- Phone systems that Ringside connects to by itself, and the calls that agents place from the Desk.

alter table phone_system
  -- Public settings by field name; empty for a webhook.
  add column settings jsonb not null default '{}',
  -- Secrets by field name, each sealed with the context phone_system:<organization>:<id>:<field>.
  add column secrets jsonb not null default '{}';

-- The link to a phone system as its owner last saw it; one row per linked phone system.
create table phone_link (
  organization_id uuid not null,
  phone_system_id uuid not null,
  -- The node that holds the link, until its lease runs out.
  owner uuid not null,
  lease_until timestamptz not null,
  connected_since timestamptz,
  -- Null while connected, and before the first attempt.
  lost_since timestamptz,
  lost_code text,
  lost_reason text,
  lost_fix text,
  -- What will not work, in whole sentences.
  warnings jsonb not null default '[]',
  -- The extensions that the phone system knows.
  extensions jsonb not null default '[]',
  last_event_at timestamptz,
  events_per_minute integer not null default 0,
  primary key (organization_id, phone_system_id),
  foreign key (organization_id, phone_system_id) references phone_system (organization_id, id) on delete cascade
);

-- A call that an agent asked for; the node that holds the link places it.
create table phone_order (
  organization_id uuid not null,
  id uuid not null,
  phone_system_id uuid not null,
  person_id uuid not null,
  extension text not null,
  number text not null,
  created_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'taken', 'lifted', 'failed')),
  -- The phone system's id of the call, once the agent lifted.
  source_call text,
  -- Why it failed and what to do, for the agent.
  message text,
  fix text,
  primary key (organization_id, id),
  foreign key (organization_id, phone_system_id) references phone_system (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);
create index phone_order_waiting on phone_order (organization_id, phone_system_id) where state = 'waiting';
