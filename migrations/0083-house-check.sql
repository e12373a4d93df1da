-- Runs of the check of the house: what the Systems Check looks at beyond the CRM. A row is written while its run goes on, so that
-- any hub can show it.
create table house_check_run (
  organization_id uuid not null,
  id uuid not null,
  status text not null check (status in ('running', 'passed', 'warned', 'failed')),
  started_by text not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  -- When the job that the run ordered was worked on, by whichever hub.
  job_ran_at timestamptz,
  -- As the API shows them: houseStep[].
  steps jsonb not null,
  primary key (organization_id, id),
  check ((status = 'running') = (finished_at is null))
);
-- One run at a time; whoever comes second joins.
create unique index house_check_run_running on house_check_run (organization_id) where status = 'running';
create index house_check_run_latest on house_check_run (organization_id, started_at desc);
