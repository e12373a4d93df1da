-- What agents do with a call: the case that it is about, their notes, the wrap-up after it.

-- The case that a call was said to be about; one per call, so that it goes along with a transfer.
create table call_case (
  organization_id uuid not null,
  call_id uuid not null,
  connection_id uuid not null,
  -- The CRM's id; null while the outbox is still to make the case.
  case_id text,
  -- The write of the outbox that makes it; null for a case that was there before.
  write_id uuid,
  -- The outbox's lane that writes to the case take: that of the write that makes it, else the call's.
  lane text not null,
  -- As known when it was tagged; the mirror knows better once it has the case.
  number text not null,
  short_description text not null,
  -- What was asked for and may still be on its way: {state: {value, label, write}, …}.
  wanted jsonb not null default '{}',
  -- Null: somebody who is gone.
  tagged_by uuid,
  tagged_at timestamptz not null,
  primary key (organization_id, call_id),
  check (case_id is not null or write_id is not null),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade,
  foreign key (organization_id, tagged_by) references person (organization_id, id) on delete set null (tagged_by)
);
create index call_case_write on call_case (organization_id, write_id) where write_id is not null;

-- What a person noted about a call and has not sent yet.
create table call_note (
  organization_id uuid not null,
  call_id uuid not null,
  person_id uuid not null,
  text text not null,
  -- Counts up with every change; a save based on an older one is refused.
  version integer not null,
  -- The window that wrote last, and how many saves it had made: a save of the same window that was overtaken by a later one is known by that.
  editor text not null,
  step integer not null,
  updated_at timestamptz not null,
  primary key (organization_id, call_id, person_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);

-- What of it was handed to the outbox. Nothing changes here any more: later edits are parts of their own.
create table call_note_part (
  organization_id uuid not null,
  call_id uuid not null,
  person_id uuid not null,
  id uuid not null,
  text text not null,
  -- The write of the outbox that carries it.
  write_id uuid not null,
  sent_at timestamptz not null,
  primary key (organization_id, call_id, person_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);

-- A person's work after their part of a call.
create table call_wrap_up (
  organization_id uuid not null,
  call_id uuid not null,
  person_id uuid not null,
  -- When their part of the call ended; null while it goes on.
  began_at timestamptz,
  -- When the hub looks after it, and finishes what is there.
  due_at timestamptz,
  -- due_at is the organization's time limit.
  limited boolean not null default false,
  -- A code of the organization (src/organization/call-handling.ts), and what it was called then.
  code_id uuid,
  code_label text,
  -- Time worked as the person put it; null: talk and wrap-up as measured.
  seconds_worked integer check (seconds_worked >= 0),
  finished_at timestamptz,
  finished_by text check (finished_by in ('agent', 'limit')),
  primary key (organization_id, call_id, person_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);
create index call_wrap_up_open on call_wrap_up (organization_id, person_id) where finished_at is null;
create index call_wrap_up_due on call_wrap_up (due_at) where finished_at is null and due_at is not null;

-- Requests that ordered a write, by the id that the browser gave them: one that comes twice orders nothing twice.
create table desk_request (
  organization_id uuid not null,
  call_id uuid not null,
  id uuid not null,
  made_at timestamptz not null default current_timestamp,
  primary key (organization_id, call_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);

-- The choice lists of a connection's cases as they were read last: what forms offer while the CRM cannot be asked.
create table crm_choice_list (
  organization_id uuid not null,
  connection_id uuid not null,
  field text not null,
  -- [{value, label, asks?}], src/crm/port.ts
  choices jsonb not null,
  read_at timestamptz not null,
  primary key (organization_id, connection_id, field),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- Behind a fence only operators that cannot leak a row use an index; upper() is none of them, a column is.
alter table crm_case add column number_key text not null generated always as (upper(number)) stored;
create index crm_case_number_key on crm_case (organization_id, number_key);
