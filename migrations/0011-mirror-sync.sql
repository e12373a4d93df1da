-- Keeps the mirror fresh after the first pull.

-- Differs whenever the CRM wrote the record; '' where it does not tell. Compared with the CRM's keys
-- every night, to find what no other way showed.
alter table crm_user add column revision text not null default '';
alter table customer add column revision text not null default '';
alter table contact add column revision text not null default '';
alter table crm_case add column revision text not null default '';

-- Whoever holds the lease: a pull, or a round that reads changes. A pull takes it from a round, which
-- loses nothing: each page was committed with its cursor.
alter table directory_pull add column purpose text not null default 'pull' check (purpose in ('pull', 'sync'));

alter table directory_progress
  -- When the pull began; one that was interrupted goes on under the same time.
  add column pull_started_at timestamptz,
  -- Which instance it came from (the connection's Endpoint): a cursor means nothing to another one.
  add column source text not null default '',
  -- Where the next round of changes begins; null: a little before complete_as_of.
  add column changes_cursor text,
  -- All changes that the CRM knew then are here.
  add column changes_as_of timestamptz;

-- How a connection is kept fresh, a row from its first round on.
create table directory_sync (
  organization_id uuid not null,
  connection_id uuid not null,
  next_at timestamptz not null default now(),
  -- Seconds between two rounds; null: as the hub is configured.
  every_seconds integer check (every_seconds between 5 and 86400),
  -- Closed cases are kept for so long after their last change.
  case_days integer not null default 90 check (case_days between 1 and 3650),
  -- When users, customers and deletions were read last.
  slow_at timestamptz,
  removals_cursor text,
  -- Null: not known; false: the CRM does not let us read its deletions.
  removals_readable boolean,
  -- When the keys were compared last.
  reconciled_at timestamptz,
  -- Somebody asked for everything again; null once it is done.
  everything_at timestamptz,
  -- Rounds that failed since the last one that did not.
  failures integer not null default 0,
  error_code text,
  error_message text,
  error_fix text,
  error_at timestamptz,
  -- After refused sign-ins: the settings and the check with which they were refused. Anything else
  -- starts it again.
  stopped_for text,
  -- What the CRM's account used, as the node that read last knows it.
  usage jsonb,
  primary key (organization_id, connection_id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- Calls whose caller was asked for live, once, by one node.
create table caller_refresh (
  organization_id uuid not null,
  call_id uuid not null,
  claimed_at timestamptz not null default now(),
  -- When the CRM answered; null while it has not.
  as_of timestamptz,
  primary key (organization_id, call_id),
  foreign key (organization_id) references organization (id) on delete cascade
);
create index caller_refresh_claimed_at on caller_refresh (claimed_at);

-- Numbers that the CRM did not know a moment ago.
create table number_miss (
  organization_id uuid not null,
  e164 text not null,
  until timestamptz not null,
  primary key (organization_id, e164),
  foreign key (organization_id) references organization (id) on delete cascade
);

-- With what the numbers of an organization were read last; they are read again when it differs.
create table number_reading (
  organization_id uuid not null,
  country text not null,
  metadata text not null,
  primary key (organization_id),
  foreign key (organization_id) references organization (id) on delete cascade
);
