alter table systems_check_run
  -- Nobody asked for it: the steps alone, without a pull, and the webhooks hear when it fails.
  add column by_night boolean not null default false,
  -- Whether cases can be opened, as the API shows it: caseRight; null: not asked.
  add column case_right jsonb;
