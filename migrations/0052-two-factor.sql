-- A second factor (TOTP with recovery codes), as better-auth 1.7's two-factor plug-in wants it, and who must have one.

alter table account_user add column two_factor_enabled boolean not null default false;

create table account_two_factor (
  id uuid primary key default gen_random_uuid(),
  -- Both encrypted with the key that signs the session cookies.
  secret text not null,
  backup_codes text not null,
  user_id uuid not null unique references account_user (id) on delete cascade,
  -- False until a first code has shown that the app was set up.
  verified boolean not null default false,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

alter table organization add column second_factor_for text not null default 'nobody'
  check (second_factor_for in ('nobody', 'administrators', 'everyone'));

-- As in 0051, and whether the account has a second factor and the organization asks for one.
drop function session_by_token(text, timestamptz);
create function session_by_token(wanted text, as_of timestamptz)
returns table (session account_session, person person, second_factor boolean, second_factor_for text)
language plpgsql as $$
#variable_conflict use_column
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query
    select s, p, u.two_factor_enabled, o.second_factor_for
    from account_session s
    join account_user u on u.id = s.user_id
    join person p on p.user_id = s.user_id
    join organization o on o.id = p.organization_id
    where s.token = wanted and s.expires_at > as_of and p.active;
  perform set_config('ringside.organization', scope, true);
end $$;
