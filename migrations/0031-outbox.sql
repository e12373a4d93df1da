-- Writes to a CRM that are committed here and on their way there, see src/desk/outbox.ts.

create table outbox_write (
  organization_id uuid not null,
  -- Also our id of what is made: the correlation id of a record, the token of a note.
  id uuid not null,
  connection_id uuid not null,
  -- Writes of a lane are sent one after the other, in the order of `position`; a call is a lane.
  lane text not null,
  position bigint generated always as identity,
  -- No foreign keys to calls and people: a write is delivered whatever becomes of them here.
  call_id uuid,
  -- Who ordered it; null: the hub itself.
  person_id uuid,
  -- For people: 'Note on CS0001234'.
  subject text not null,
  kind text not null,
  -- A WriteAction of src/desk/outbox.ts.
  action jsonb not null,
  -- Earlier writes of the lane whose records this one needs.
  depends_on uuid[] not null default '{}',
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'attention', 'dropped')),
  ordered_at timestamptz not null default clock_timestamp(),
  -- Not before; moves with every failure.
  next_at timestamptz not null default clock_timestamp(),
  -- The node that sends it, until its lease runs out.
  owner uuid,
  lease_until timestamptz,
  attempts integer not null default 0,
  -- Failures while other writes to the same connection went through.
  own_failures integer not null default 0,
  -- When it was last sent without our having seen the answer: the CRM may still be at work on it.
  doubt_since timestamptz,
  -- What the last failure said; in 'attention' why nothing more is tried.
  code text,
  reason text,
  fix text,
  -- When it was delivered, dropped, or put up for attention.
  settled_at timestamptz,
  -- What it made or changed: the kind of record as in src/crm/port.ts, or 'interaction'.
  record_type text,
  record_id text,
  record_number text,
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
create index outbox_write_open on outbox_write (organization_id, connection_id, lane, position)
  where state in ('waiting', 'sending', 'attention');
create index outbox_write_call on outbox_write (organization_id, call_id) where call_id is not null;
create index outbox_write_settled on outbox_write (organization_id, connection_id, settled_at)
  where settled_at is not null;
-- One write of a lane is under way at a time, on whatever node.
create unique index outbox_write_lane on outbox_write (organization_id, connection_id, lane)
  where state = 'sending';

-- How it goes with a connection: while it fails nothing is sent but one write now and then, to see whether it is back.
create table outbox_connection (
  organization_id uuid not null,
  connection_id uuid not null,
  -- Failures in a row; 0: it works.
  failures integer not null default 0,
  -- Nothing is sent before; null: no wait.
  held_until timestamptz,
  -- Two sign-ins were refused under these settings: nothing is sent until they change or somebody checks.
  stopped_for text,
  code text,
  reason text,
  fix text,
  failed_since timestamptz,
  delivered_at timestamptz,
  primary key (organization_id, connection_id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
