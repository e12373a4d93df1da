-- Accounts and sessions, as better-auth 1.7 wants them (its own schema generator's output, with the names that
-- src/organization/accounts.ts tells it). These tables know nothing of organizations: one account is one way to sign in;
-- what it may see is decided by `person`, which leads with organization_id like every other table.

create table account_user (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);

create table account_session (
  id uuid primary key default gen_random_uuid(),
  expires_at timestamptz not null,
  token text not null unique,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  user_id uuid not null references account_user (id) on delete cascade,
  -- Ours: when a request last came with this session, kept to the minute.
  last_used_at timestamptz not null default current_timestamp
);
create index account_session_user on account_session (user_id);
create index account_session_expiry on account_session (expires_at);

create table account_credential (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  provider_id text not null,
  user_id uuid not null references account_user (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null
);
create index account_credential_user on account_credential (user_id);

create table account_verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create index account_verification_identifier on account_verification (identifier);

-- Ours: attempts to sign in, by account and by address, in windows; shared by all nodes.
create table account_attempt (
  key text primary key,
  count integer not null,
  until timestamptz not null
);
create index account_attempt_until on account_attempt (until);
