-- The last mail to each person: an invitation, or a link to a new password.

create table person_mail (
  organization_id uuid not null,
  person_id uuid not null,
  -- Another one for every mail: a job that comes late for a mail that was replaced finds nothing.
  id uuid not null,
  kind text not null check (kind in ('invitation', 'password')),
  -- Sealed with the context person_mail:<organization>:<id>; null once the mail was sent or given up.
  link text,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  -- Why the last attempt failed, for people.
  reason text,
  -- Of the state.
  at timestamptz not null,
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);

-- When the page behind the link was first opened; a mail program that looks at links counts as well.
alter table invitation add column opened_at timestamptz;
