-- Runs of the Systems Check. A row is written while its run goes on, so that any hub can show it.

create table systems_check_run (
  organization_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  platform text not null,
  status text not null check (status in ('running', 'passed', 'warned', 'failed', 'cancelled')),
  started_by text not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  -- Last sign of life of the hub that conducts the run.
  heartbeat_at timestamptz not null default clock_timestamp(),
  cancel_requested boolean not null default false,
  -- As the API shows them: stepView[], pullView[], counts, oddity[].
  steps jsonb not null,
  pulls jsonb not null,
  counts jsonb,
  oddities jsonb not null default '[]',
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade,
  check ((status = 'running') = (finished_at is null))
);
-- One run at a time on a connection; whoever comes second joins.
create unique index systems_check_run_running on systems_check_run (organization_id, connection_id) where status = 'running';
create index systems_check_run_latest on systems_check_run (organization_id, connection_id, started_at desc);
