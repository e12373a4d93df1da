-- Closed cases are kept for as many days as the connection is set to (directory_sync.case_days).
alter table directory_progress
  -- Of cases: closed ones of how many days the latest pull asked for. One with other days cannot go on with it.
  add column case_days integer not null default 90,
  -- Of how many days they are here. Where more are wanted they are pulled, where fewer are the older ones go.
  add column held_case_days integer not null default 90;
