import type { ColumnType, Generated } from 'kysely';
import type { CheckRun, Oddity, PullView, StepView } from './contract.ts';
import type { HouseRun, HouseStep } from './house-contract.ts';

/** The room's tables as migrations 0040, 0077, 0083 and 0087 make them. */
export type SystemsCheckTables = {
  systems_check_run: SystemsCheckRunTable;
  house_check_run: HouseCheckRunTable;
};

/** Read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string | undefined, string>;

type SystemsCheckRunTable = {
  organization_id: string;
  id: string;
  connection_id: string;
  platform: string;
  status: CheckRun['status'];
  started_by: string;
  started_at: Generated<Date>;
  finished_at: Date | null;
  heartbeat_at: Generated<Date>;
  cancel_requested: Generated<boolean>;
  taken_over: Generated<number>;
  steps: Json<StepView[]>;
  pulls: Json<PullView[]>;
  counts: ColumnType<CheckRun['counts'], string | null | undefined, string | null>;
  oddities: Json<Oddity[]>;
  by_night: Generated<boolean>;
  case_right: ColumnType<CheckRun['caseRight'], string | null | undefined, string | null>;
};

type HouseCheckRunTable = {
  organization_id: string;
  id: string;
  status: HouseRun['status'];
  started_by: string;
  started_at: Generated<Date>;
  finished_at: Date | null;
  job_ran_at: Date | null;
  steps: Json<HouseStep[]>;
};
