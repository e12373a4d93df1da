-- Doors in the fences around the organizations (src/platform/database/fence.ts). A request and a phone event know a token
-- before they know their organization, and every one of them asks this: a door widens the scope for its one query and puts
-- it back, where doing so from outside would cost two round trips. Whole rows come out, so that later columns come along.

create function session_by_token(wanted text, as_of timestamptz)
returns table (session account_session, person person) language plpgsql as $$
#variable_conflict use_column
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query
    select s, p
    from account_session s
    join person p on p.user_id = s.user_id
    where s.token = wanted and s.expires_at > as_of and p.active;
  perform set_config('ringside.organization', scope, true);
end $$;

create function phone_system_by_token(wanted bytea) returns setof phone_system language plpgsql as $$
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query select * from phone_system where token_hash = wanted;
  perform set_config('ringside.organization', scope, true);
end $$;

-- Behind a fence only operators that cannot leak a row use an index; lower() is none of them, a column is.
alter table crm_user add column email_key text not null generated always as (lower(email)) stored;
drop index crm_user_email;
create index crm_user_email_key on crm_user (organization_id, connection_id, email_key) where email_key <> '';
