-- What is kept of calls for lists, and of how each of them reached people. `call` itself stays as narrow as booking needs it.

-- Who had the extensions that took part in a call, as it was then, and what became of their pop: a row per call and extension.
create table call_phone (
  organization_id uuid not null,
  call_id uuid not null,
  extension text not null,
  -- Of the call, so that a person's calls come in order.
  started_at timestamptz not null,
  -- Null: the phone placed the call or took it by its own action.
  rang_at timestamptz,
  -- Whose it was; null: nobody's, or somebody's who is gone.
  person_id uuid,
  plan text,
  -- Mapped to a CRM user of some connection.
  mapped boolean not null default false,
  looked_at timestamptz not null,
  -- When the pop first went to a browser, and to how many.
  sent_at timestamptz,
  browsers integer,
  -- When the first browser said that it shows it, and what it calls itself.
  shown_at timestamptz,
  shown_in text,
  primary key (organization_id, call_id, extension),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete set null (person_id)
);
create index call_phone_person on call_phone (organization_id, person_id, started_at desc, call_id desc)
  where person_id is not null;

-- Who the other party was found to be when they were first looked up.
create table call_match (
  organization_id uuid not null,
  call_id uuid not null,
  matched_at timestamptz not null,
  -- As received.
  number text not null,
  -- In the form that is compared (src/directory/renumbering.ts); null: nobody can dial it.
  e164 text,
  status text not null check (status in ('one', 'several', 'none', 'anonymous')),
  -- [{key, name, company, reason}], the best first, at most five.
  candidates jsonb not null,
  candidate_count integer not null,
  -- How old the mirror was; null: it had never heard from the CRM.
  as_of timestamptz,
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);

-- A call that is over, for lists: written with its end. None for a call that turned out to be part of another.
create table call_record (
  organization_id uuid not null,
  call_id uuid not null,
  started_at timestamptz not null,
  direction text not null,
  queue text,
  result text not null,
  -- Null until the other party was looked up, a moment after the end.
  described_at timestamptz,
  e164 text collate "C",
  -- `contact:<connection>:<id>`; null: unknown, or several and nobody chose.
  candidate_key text,
  name text not null default '',
  company text not null default '',
  -- For 'begins with'; a column, because behind the fence no function's result is looked up in an index.
  name_key text collate "C" generated always as (lower(name)) stored,
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade
);
-- Lists go by the start and page by (started_at, call_id); with a filter, within what it lets through.
create index call_record_started on call_record (organization_id, started_at desc, call_id desc);
create index call_record_direction on call_record (organization_id, direction, started_at desc, call_id desc);
create index call_record_result on call_record (organization_id, result, started_at desc, call_id desc);
create index call_record_queue on call_record (organization_id, queue, started_at desc, call_id desc)
  where queue is not null;
create index call_record_number on call_record (organization_id, e164, started_at desc, call_id desc)
  where e164 is not null;
create index call_record_candidate on call_record (organization_id, candidate_key, started_at desc, call_id desc)
  where candidate_key is not null;
create index call_record_name on call_record (organization_id, name_key, started_at desc, call_id desc)
  where name_key <> '';
create index call_record_undescribed on call_record (organization_id, call_id) where described_at is null;

-- Calls that were over before there were records.
insert into call_record (organization_id, call_id, started_at, direction, queue, result)
select organization_id, id, started_at, direction, queue, result
from call
where result is not null and merged_into is null;
