-- Where an organization wants to be told of its calls and cases, and what it was told.

create table webhook (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null,
  url text not null,
  events text[] not null,
  -- Sealed with the context webhook:<organization>:<id>.
  secret text not null,
  active boolean not null default true,
  created_at timestamptz not null default current_timestamp,
  primary key (organization_id, id)
);

create table webhook_delivery (
  organization_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  event text not null,
  -- The body, as it is sent each time.
  body text not null,
  created_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts integer not null default 0,
  last_attempt_at timestamptz,
  -- HTTP status of the last answer; null when none came.
  last_status integer,
  -- Why the last attempt failed, for people.
  last_error text,
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references webhook (organization_id, id) on delete cascade
);
-- The log of a webhook, the newest first; ids are in the order of time.
create index webhook_delivery_log on webhook_delivery (organization_id, webhook_id, id);
