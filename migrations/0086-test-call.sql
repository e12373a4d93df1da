-- A test call of the Systems Check: it goes the whole way of a call, to the browsers of the administrator who started it and nobody
-- else's. A row is written while the call goes on, by whichever hub sees a hop. Times are milliseconds after `started_at`.
create table test_call (
  organization_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  phone_system_id uuid not null,
  started_by text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- The number is one that the mirror holds, so somebody must be found; else one that nobody has.
  number_known boolean not null,
  received_ms integer,
  committed_ms integer,
  matched_ms integer,
  -- How many records the number was found to belong to.
  found integer,
  streamed_ms integer,
  -- Browsers that it was sent to.
  streams integer,
  shown_ms integer,
  shown_in text,
  -- The hub that conducted it broke down; its words for people.
  fault text,
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade,
  foreign key (organization_id, phone_system_id) references phone_system (organization_id, id) on delete cascade
);
-- One at a time for each administrator.
create unique index test_call_running on test_call (organization_id, person_id) where finished_at is null;
create index test_call_latest on test_call (organization_id, person_id, started_at desc);

-- The mark of such a call, from its first event to its deletion. No reference: whoever deletes a test call finds its call by this.
alter table call add column test_id uuid;
create index call_test on call (organization_id, test_id) where test_id is not null;

-- What a test leaves is never written down in a CRM.
drop trigger ended_call on call;
create trigger ended_call after insert or update on call
  for each row when (new.ended_at is not null and new.test_id is null) execute function note_ended_call();
