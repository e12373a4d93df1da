import type { ColumnType, Generated } from 'kysely';
import type { CheckRun, Oddity, PullView, StepView } from './contract.ts';

/** The room's table as migrations 0040 and 0077 make it. */
export type SystemsCheckTables = {
  systems_check_run: SystemsCheckRunTable;
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
};
