import type { ColumnType, Selectable } from 'kysely';
import type { Direction, EndCause } from '../telephony/port.ts';
import type { Transfer } from './leg.ts';
import type { CallResult } from './outcome.ts';

/** The room's tables; migrations/0020-calls.sql says what each column holds. */
export type CallTables = {
  call: CallTable;
  leg: LegTable;
  call_event: CallEventTable;
};

interface CallTable {
  organization_id: string;
  id: string;
  phone_system_id: string;
  source_id: string;
  occurrence: number;
  direction: Direction;
  from_number: string | null;
  to_number: string | null;
  queue: string | null;
  transfers: ColumnType<Transfer[], string, string>;
  held: boolean;
  recording: string | null;
  exclusive: boolean;
  started_at: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  cause: EndCause | null;
  result: CallResult | null;
  answered_by: string | null;
  last_event_at: Date;
  merged_into: string | null;
  revision: number;
}

interface LegTable {
  organization_id: string;
  call_id: string;
  id: string;
  position: number;
  extension: string | null;
  ringing_at: Date | null;
  answered_at: Date | null;
  ended_at: Date | null;
  cause: EndCause | null;
  on_hold: boolean;
  first_event_at: Date;
}

interface CallEventTable {
  organization_id: string;
  call_id: string;
  id: string;
  received_at: Date;
  event: ColumnType<object, string, never>;
}

export type CallRow = Selectable<CallTable>;
export type LegRow = Selectable<LegTable>;
