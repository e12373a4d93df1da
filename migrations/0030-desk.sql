-- The agent's side: what people decided about their pops. The pops themselves are worked out of calls and the mirror.

-- Which of several candidates a call was said to be; one answer per call, so that it goes along with a transfer.
create table desk_choice (
  organization_id uuid not null references organization (id) on delete cascade,
  call_id uuid not null,
  -- `contact:<connection>:<id>`, see src/desk/contract.ts
  candidate_key text not null,
  person_id uuid not null,
  chosen_at timestamptz not null,
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);

-- An ended pop that a person took off their Desk.
create table desk_dismissal (
  organization_id uuid not null references organization (id) on delete cascade,
  person_id uuid not null,
  call_id uuid not null,
  dismissed_at timestamptz not null,
  primary key (organization_id, person_id, call_id),
  foreign key (organization_id, call_id) references call (organization_id, id) on delete cascade,
  foreign key (organization_id, person_id) references person (organization_id, id) on delete cascade
);
