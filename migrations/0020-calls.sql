-- Phone events folded into one call per conversation. Every table leads with organization_id.

create table call (
  organization_id uuid not null,
  id uuid not null,
  phone_system_id uuid not null,
  -- The phone system's own id. It may come round again long after: then `occurrence` counts up.
  source_id text not null,
  occurrence integer not null default 1,
  direction text not null check (direction in ('inbound', 'outbound', 'internal')),
  -- As received, made harmless; null while no event has told.
  from_number text,
  to_number text,
  queue text,
  -- [{id, kind, from, to}]
  transfers jsonb not null default '[]',
  held boolean not null default false,
  recording text,
  -- The source tells who has the call and not what each phone does.
  exclusive boolean not null default false,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  cause text,
  -- Null while the call is up.
  result text check (result in ('answered', 'missed', 'abandoned', 'busy', 'declined', 'failed', 'unknown')),
  answered_by text,
  -- When we last heard something new of it, by our clock.
  last_event_at timestamptz not null,
  -- Set when it turned out to be part of another call; its phones are there now.
  merged_into uuid,
  primary key (organization_id, id),
  foreign key (organization_id, phone_system_id) references phone_system (organization_id, id) on delete cascade,
  foreign key (organization_id, merged_into) references call (organization_id, id) on delete cascade
);
create unique index call_source on call (organization_id, phone_system_id, source_id, occurrence);
create index call_open on call (organization_id, phone_system_id, last_event_at) where ended_at is null;

-- One phone's part in a call.
create table leg (
  organization_id uuid not null,
  call_id uuid not null,
  -- The phone system's own id, unique within the call.
  id text not null,
  -- The order in which the legs became known.
  position integer not null,
  -- Null: an outside line.
  extension text,
  ringing_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  cause text,
  on_hold boolean not null default false,
  -- When we first heard of it, by our clock.
  first_event_at timestamptz not null,
  primary key (organization_id, call_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);
create index leg_extension on leg (organization_id, extension, first_event_at);

-- The journal: every fact that told something new, as it came.
create table call_event (
  organization_id uuid not null,
  call_id uuid not null,
  id uuid not null,
  received_at timestamptz not null,
  event jsonb not null,
  primary key (organization_id, call_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);
