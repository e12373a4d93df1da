-- How an organization handles its calls: one document, src/organization/call-handling.ts tells its shape. No row: the defaults.
create table call_handling (
  organization_id uuid not null primary key references organization (id) on delete cascade,
  -- Counts up with every save; a save based on an older one is refused.
  version integer not null default 1,
  settings jsonb not null
);
