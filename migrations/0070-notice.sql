-- Hints for every node that something happened: which call, whose people. The tables are the truth, so a hint lives for minutes
-- only, and a server that crashed may lose all of them (unlogged): whoever lost the line to it reads the tables anew.
create unlogged table notice (
  organization_id uuid not null references organization (id) on delete cascade,
  -- In the order of their making.
  id uuid not null,
  -- By this every reader finds what was committed since it read last, whatever the order of the commits.
  transaction xid8 not null default pg_current_xact_id(),
  -- The node that told its own listeners already.
  node uuid not null,
  channel text not null,
  -- Ids.
  payload jsonb not null,
  primary key (organization_id, id)
);
create index notice_transaction on notice (transaction);
