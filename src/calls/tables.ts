import type { ColumnType, Generated, Selectable } from 'kysely';
import type { Direction, EndCause } from '../telephony/port.ts';
import type { Transfer } from './leg.ts';
import type { CallResult } from './outcome.ts';

/** The room's tables; migrations/0020-calls.sql, 0022-call-history.sql and 0086-test-call.sql say what each column holds. */
export type CallTables = {
  call: CallTable;
  leg: LegTable;
  call_event: CallEventTable;
  call_phone: CallPhoneTable;
  call_match: CallMatchTable;
  call_record: CallRecordTable;
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
  test_id: string | null;
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

interface CallPhoneTable {
  organization_id: string;
  call_id: string;
  extension: string;
  started_at: Date;
  rang_at: Date | null;
  person_id: string | null;
  plan: string | null;
  mapped: boolean;
  looked_at: Date;
  sent_at: Date | null;
  browsers: number | null;
  shown_at: Date | null;
  shown_in: string | null;
}

interface CallMatchTable {
  organization_id: string;
  call_id: string;
  matched_at: Date;
  number: string;
  e164: string | null;
  status: 'one' | 'several' | 'none' | 'anonymous';
  candidates: ColumnType<FoundCandidate[], string, never>;
  candidate_count: number;
  shared_company: Generated<string>;
  as_of: Date | null;
}

/** One of whom a number was found to belong to, and why; as it was then. */
export interface FoundCandidate {
  key: string;
  name: string;
  company: string;
  reason: string;
}

interface CallRecordTable {
  organization_id: string;
  call_id: string;
  started_at: Date;
  direction: Direction;
  queue: string | null;
  result: CallResult;
  described_at: Date | null;
  e164: string | null;
  candidate_key: string | null;
  name: Generated<string>;
  company: Generated<string>;
  name_key: Generated<string>;
}

export type CallRow = Selectable<CallTable>;
export type LegRow = Selectable<LegTable>;
