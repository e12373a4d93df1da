-- Calls that nobody took, see src/desk/book-missed-calls.ts.

-- Calls to be looked at: noted by their booking, in its transaction. One row a change: whoever looks deletes the rows that it saw.
create table missed_call_due (
  organization_id uuid not null,
  call_id uuid not null,
  id bigint generated always as identity,
  -- A call that ended unanswered may still turn out to be part of another.
  due_at timestamptz not null,
  primary key (organization_id, call_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);
create index missed_call_due_at on missed_call_due (due_at);

-- A case that a rule opened for a missed call; later ones of the same number go to it for a while.
create table missed_case (
  organization_id uuid not null,
  -- The write of the outbox that makes it.
  id uuid not null,
  -- Whose call it was, see callerKey in src/desk/missed-call.ts.
  caller_key text not null,
  call_id uuid not null,
  connection_id uuid not null,
  -- The outbox's lane, for what is added.
  lane text not null,
  -- The CRM's id and number, once it has it.
  case_id text,
  number text not null default '',
  short_description text not null,
  -- When that call came.
  opened_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
create index missed_case_caller on missed_case (organization_id, caller_key, opened_at desc);

-- Somebody who called in vain and wants to be called back: one open entry per number.
create table missed_call (
  organization_id uuid not null,
  id uuid not null,
  caller_key text not null,
  -- Of the parts below: when they first and last called, how often, and the last of these calls, with which the entry goes when calls
  -- are deleted.
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null,
  last_call_id uuid not null,
  -- Calls back that nobody answered.
  tries integer not null default 0,
  missed_case_id uuid,
  -- Null while somebody should call back.
  closed_at timestamptz,
  closed_for text check (closed_for in ('called-back', 'got-through', 'by-hand')),
  -- Who talked to them or closed it; null: nobody who is known.
  closed_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, last_call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, missed_case_id) references missed_case (organization_id, id)
    on delete set null (missed_case_id),
  foreign key (organization_id, closed_by) references person (organization_id, id) on delete set null (closed_by)
);
create unique index missed_call_open on missed_call (organization_id, caller_key) where closed_at is null;
create index missed_call_waiting on missed_call (organization_id, last_at desc, id desc) where closed_at is null;
create index missed_call_closed on missed_call (organization_id, closed_at desc, id desc) where closed_at is not null;
create index missed_call_last on missed_call (organization_id, last_call_id);
create index missed_call_case on missed_call (organization_id, missed_case_id) where missed_case_id is not null;

-- The calls of an entry.
create table missed_call_part (
  organization_id uuid not null,
  call_id uuid not null,
  missed_call_id uuid not null,
  -- tried: a call back that nobody answered
  kind text not null check (kind in ('missed', 'tried')),
  at timestamptz not null,
  queue text,
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, missed_call_id) references missed_call (organization_id, id) on delete cascade
);
create index missed_call_part_of on missed_call_part (organization_id, missed_call_id, at desc);
