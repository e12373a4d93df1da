-- How urgent an entry of the list of missed calls is, as the rules said when it was booked: 0 urgent, 1 high, 2 normal, 3 low.
alter table missed_call
  add column priority smallint not null default 2 check (priority between 0 and 3),
  -- Which rule said so, for people; null: none.
  add column priority_reason text;

drop index missed_call_waiting;
create index missed_call_waiting on missed_call (organization_id, priority, last_at desc, id desc)
  where closed_at is null;
