-- Operators: people who create organizations and give them seats, and read nothing of them. Made by `ringside operator` alone.

alter table account_user add column operator boolean not null default false;

alter table organization
  -- Nobody of a suspended organization comes in, and nothing of it comes in; what it has stays.
  add column suspended_at timestamptz,
  -- Its seats are an operator's to give, not its administrators'.
  add column seats_by_operator boolean not null default false;

-- As in 0052; whether the account is an operator's, and nobody of a suspended organization.
drop function session_by_token(text, timestamptz);
create function session_by_token(wanted text, as_of timestamptz)
returns table (
  session account_session, person person, second_factor boolean, second_factor_for text, operator boolean
) language plpgsql as $$
#variable_conflict use_column
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query
    select s, p, u.two_factor_enabled, o.second_factor_for, u.operator
    from account_session s
    join account_user u on u.id = s.user_id
    join person p on p.user_id = s.user_id
    join organization o on o.id = p.organization_id
    where s.token = wanted and s.expires_at > as_of and p.active and o.suspended_at is null;
  perform set_config('ringside.organization', scope, true);
end $$;

create or replace function phone_system_by_token(wanted bytea) returns setof phone_system language plpgsql as $$
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query select p.* from phone_system p join organization o on o.id = p.organization_id
    where p.token_hash = wanted and o.suspended_at is null;
  perform set_config('ringside.organization', scope, true);
end $$;

create or replace function api_key_by_hash(wanted bytea) returns setof api_key language plpgsql as $$
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query select k.* from api_key k join organization o on o.id = k.organization_id
    where k.secret_hash = wanted and o.suspended_at is null;
  perform set_config('ringside.organization', scope, true);
end $$;
