-- Named groups of people: whose calls and missed calls their members see of one another, and which a supervisor of theirs sees.
create table team (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create table team_person (
  organization_id uuid not null,
  team_id uuid not null,
  person_id uuid not null,
  -- Its calls are the team's.
  member boolean not null,
  -- Sees the members' calls, with the role supervisor. Somebody may be both.
  supervises boolean not null,
  primary key (organization_id, team_id, person_id),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade,
  check (member or supervises)
);

create index team_person_person on team_person (organization_id, person_id);
