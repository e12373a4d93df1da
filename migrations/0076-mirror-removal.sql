-- A connection goes at once, however many rows its mirror holds: they are left behind, where no look-up finds them any more,
-- and are deleted in small steps.
create table mirror_removal (
  organization_id uuid not null,
  -- Of a connection that is no more; no foreign key, since the mirror has none to the organization either.
  connection_id uuid not null,
  removed_at timestamptz not null default now(),
  primary key (organization_id, connection_id)
);

create or replace function forget_mirror() returns trigger language plpgsql as $$
begin
  insert into mirror_removal (organization_id, connection_id) values (old.organization_id, old.id)
  on conflict do nothing;
  return null;
end $$;
