import type { ColumnType, Generated, Selectable } from 'kysely';
import type { CallLog, LoggedCall } from '../crm/write.ts';
import type { WriteAction, WriteKind } from './outbox.ts';

/** The tables of the migrations 0031 and 0032. */
export type OutboxTables = {
  outbox_write: {
    organization_id: string;
    id: string;
    connection_id: string;
    lane: string;
    position: Generated<string>;
    call_id: string | null;
    person_id: string | null;
    subject: string;
    kind: WriteKind;
    action: ColumnType<WriteAction, string, string>;
    depends_on: string[];
    state: Generated<'waiting' | 'sending' | 'delivered' | 'attention' | 'dropped'>;
    ordered_at: Generated<Date>;
    next_at: Generated<Date>;
    owner: string | null;
    lease_until: Date | null;
    attempts: Generated<number>;
    own_failures: Generated<number>;
    doubt_since: Date | null;
    code: string | null;
    reason: string | null;
    fix: string | null;
    settled_at: Date | null;
    failed_at: Date | null;
    record_type: string | null;
    record_id: string | null;
    record_number: string | null;
  };
  outbox_connection: {
    organization_id: string;
    connection_id: string;
    failures: Generated<number>;
    held_until: Date | null;
    stopped_for: string | null;
    code: string | null;
    reason: string | null;
    fix: string | null;
    failed_since: Date | null;
    delivered_at: Date | null;
  };
  call_log: {
    organization_id: string;
    call_id: string;
    connection_id: string;
    facts: ColumnType<CallLog, string, string>;
    logged: ColumnType<LoggedCall, string, string>;
    logged_at: Generated<Date>;
  };
  call_log_due: { organization_id: string; call_id: string; id: Generated<string> };
};
export type WriteRow = Selectable<OutboxTables['outbox_write']>;
