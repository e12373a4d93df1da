-- Who of several with the same number a caller was said to be, for the next call from that number: a row for each of them that
-- was ever chosen.
create table caller_memory (
  organization_id uuid not null references organization (id) on delete cascade,
  -- The number in the form that is compared (directory/renumbering.ts).
  e164 text not null,
  -- `contact:<connection>:<id>`, see src/desk/contract.ts
  candidate_key text not null,
  -- Who said so; null when that person is gone.
  person_id uuid,
  chosen_at timestamptz not null,
  -- Set when somebody had the number forgotten; kept, so that it can be undone.
  forgotten_at timestamptz,
  primary key (organization_id, e164, candidate_key),
  foreign key (organization_id, person_id) references person (organization_id, id) on delete set null (person_id)
);
