-- Single sign-on by OpenID Connect: one provider an organization.

create table single_sign_on (
  organization_id uuid primary key references organization (id) on delete cascade,
  -- As the provider calls itself, to the letter.
  issuer text not null,
  client_id text not null,
  -- Sealed with the context single_sign_on:<organization>.
  client_secret text not null,
  -- Only by single sign-on; administrators keep their password, so that nobody shuts the door for good.
  required boolean not null default false,
  -- When somebody last came in with this issuer and client; null: nobody yet.
  worked_at timestamptz,
  -- What the last refused sign-in failed at, for the administrator; null after one that worked.
  last_problem text,
  last_problem_at timestamptz,
  created_at timestamptz not null default current_timestamp
);

create table single_sign_on_domain (
  organization_id uuid not null references single_sign_on (organization_id) on delete cascade,
  -- Behind the @ of an e-mail address, lower case. One organization of the hub has it: it says where somebody is sent to sign in.
  domain text not null unique,
  primary key (organization_id, domain)
);

-- Somebody is at the provider, for ten minutes at most. Used once.
create table single_sign_on_attempt (
  organization_id uuid not null references single_sign_on (organization_id) on delete cascade,
  -- SHA-256 of the state that the provider gives back; the state itself is not kept.
  state_hash bytea not null unique,
  -- SHA-256 of the cookie of the browser that began.
  browser_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  -- Where to go afterwards: a path of ours.
  return_path text not null,
  expires_at timestamptz not null,
  primary key (organization_id, state_hash)
);

-- The session came by single sign-on: our own second factor is not asked, the provider has seen to it.
alter table account_session add column single_sign_on boolean not null default false;
