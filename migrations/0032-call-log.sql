-- Calls written down in a CRM, see src/desk/log-calls.ts.

alter table outbox_write
  -- When it last failed; tells whether others went through since.
  add column failed_at timestamptz;

-- What was written down of a call; one record for each, however often it changes afterwards.
create table call_log (
  organization_id uuid not null,
  call_id uuid not null,
  connection_id uuid not null,
  -- The CallLog that was written, and the LoggedCall that the CRM made of it: src/crm/port.ts.
  facts jsonb not null,
  logged jsonb not null,
  logged_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- Calls that ended, or changed after their end, and were not looked at since. One row a change: whoever looks deletes the rows that
-- it saw, and nobody who adds one waits for that.
create table call_log_due (
  organization_id uuid not null,
  call_id uuid not null,
  id bigint generated always as identity,
  primary key (organization_id, call_id, id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);

-- In the transaction that ends the call, whatever part of the hub does it: no end can be missed.
create function note_ended_call() returns trigger language plpgsql as $$
begin
  insert into call_log_due (organization_id, call_id)
  values (new.organization_id, coalesce(new.merged_into, new.id));
  return null;
end
$$;
create trigger ended_call after insert or update on call
  for each row when (new.ended_at is not null) execute function note_ended_call();

create index call_merged on call (organization_id, merged_into) where merged_into is not null;
