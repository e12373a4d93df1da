-- A run whose hub died or was stopped is gone on with by the next one; how often that was. Whoever conducts it writes under this number.
alter table systems_check_run add column taken_over integer not null default 0;
