-- On a table that was never analyzed every index whose first column is asked for looks as good as the primary key, and the newest is taken:
-- to see that a leg's call exists, PostgreSQL went through all of the organization's calls (89 pages a check at 2,000 calls). What is
-- partial is only taken where its condition is asked for too. Every row meets it, but for legs outside, which nobody looks up.
drop index call_source;
create unique index call_source on call (organization_id, phone_system_id, source_id, occurrence) where occurrence > 0;
drop index leg_extension;
create index leg_extension on leg (organization_id, extension, first_event_at) where extension is not null;
