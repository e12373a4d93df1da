-- Counts the changes of a call, so that what somebody knew of it earlier is never taken for news. An open call's row changes many times:
-- without the time of the last event in an index those changes stay within their page.
alter table call add column revision integer not null default 1;
drop index call_open;
create index call_open on call (organization_id, phone_system_id) where ended_at is null;
alter table call set (fillfactor = 85);
alter table leg set (fillfactor = 85);
