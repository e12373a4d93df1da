-- From whom telephone numbers are hidden but for their last digits: src/organization/number-mask.ts names the choices. They are stored
-- whole; what leaves the hub for these people is masked.
alter table organization add column numbers_masked_for text not null default 'nobody'
  check (numbers_masked_for in ('nobody', 'agents', 'supervisors'));

-- A door as in 0089: asked with the session, before a request knows its organization.
create function numbers_masked_for_of(wanted uuid) returns text language plpgsql as $$
declare
  scope text := current_setting('ringside.organization');
  found text;
begin
  perform set_config('ringside.organization', '*', true);
  select numbers_masked_for into found from organization where id = wanted;
  perform set_config('ringside.organization', scope, true);
  return found;
end $$;
