-- Keys with which other programs ask the API in the name of an organization. The key itself is not kept.
create table api_key (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null,
  -- The first characters, so that people can tell which key this is.
  shown text not null,
  -- SHA-256 of the key.
  secret_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  -- Who made it. No foreign key: the key outlives the person.
  created_by text not null,
  -- Null: never.
  expires_at timestamptz,
  -- To the minute; null: not yet.
  last_used_at timestamptz,
  primary key (organization_id, id)
);

-- A door as in 0051: a request knows its key before it knows its organization.
create function api_key_by_hash(wanted bytea) returns setof api_key language plpgsql as $$
declare
  scope text := current_setting('ringside.organization');
begin
  perform set_config('ringside.organization', '*', true);
  return query select * from api_key where secret_hash = wanted;
  perform set_config('ringside.organization', scope, true);
end $$;
