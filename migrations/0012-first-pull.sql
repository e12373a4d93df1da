-- The first pull of a kind loads rows without looking for each whether it is known.
alter table directory_progress
  -- Nothing of the kind was here when the pull began: all that is here came from it, so it need not note what it saw.
  add column from_empty boolean not null default false;
