import type { ColumnType, Generated } from 'kysely';
import type { RecordKind, RecordType } from '../crm/record.ts';

/**
 * The room's tables as migrations 0010 to 0012, 0075 and 0076 make them. (Types, not interfaces: Kysely wants an index
 * signature.)
 */
export type DirectoryTables = {
  crm_user: CrmUserTable;
  customer: CustomerTable;
  contact: ContactTable;
  crm_case: CaseTable;
  phone_number: PhoneNumberTable;
  directory_pull: DirectoryPullTable;
  directory_progress: DirectoryProgressTable;
  directory_seen: DirectorySeenTable;
  directory_sync: DirectorySyncTable;
  mirror_removal: MirrorRemovalTable;
  caller_refresh: CallerRefreshTable;
  number_miss: NumberMissTable;
  number_reading: NumberReadingTable;
};

type MirroredRow = {
  organization_id: string;
  connection_id: string;
  id: string;
  updated_at: Date | null;
  fingerprint: string;
  revision: Generated<string>;
};

type CrmUserTable = MirroredRow & {
  name: string;
  first_name: string;
  last_name: string;
  user_name: string;
  email: string;
  title: string;
  country: string;
  active: boolean;
};

type CustomerTable = MirroredRow & {
  name: string;
  number: string;
  city: string;
  country: string;
};

type ContactTable = MirroredRow & {
  kind: 'contact' | 'consumer';
  name: string;
  first_name: string;
  last_name: string;
  email: string;
  title: string;
  city: string;
  country: string;
  language: string;
  active: boolean;
  customer_id: string | null;
};

type CaseTable = MirroredRow & {
  number: string;
  short_description: string;
  state_value: string;
  state_label: string;
  priority_value: string;
  priority_label: string;
  priority_rank: number;
  open: boolean;
  customer_id: string | null;
  contact_id: string | null;
  consumer_id: string | null;
  assigned_to_id: string | null;
  opened_at: Date | null;
};

/** Who can have a telephone number. */
export type OwnerKind = Exclude<RecordType, 'case'>;

type PhoneNumberTable = {
  organization_id: string;
  connection_id: string;
  owner_kind: OwnerKind;
  owner_id: string;
  ordinal: number;
  part: number;
  field: string;
  label: string;
  raw: string;
  country: string;
  e164: string | null;
  extension: string;
};

type DirectoryPullTable = {
  organization_id: string;
  connection_id: string;
  pull_id: string;
  purpose: Generated<PullPurpose>;
  status: PullStatus;
  started_at: Date;
  alive_at: Date;
  finished_at: Date | null;
};

/** A pull of all records, or a round that reads what changed. */
export type PullPurpose = 'pull' | 'sync';

export type PullStatus = 'running' | 'done' | 'failed' | 'cancelled';

type DirectoryProgressTable = {
  organization_id: string;
  connection_id: string;
  kind: RecordKind;
  pull_id: string;
  status: PullStatus;
  done: number;
  total: number | null;
  cursor: string | null;
  complete_as_of: Date | null;
  pull_started_at: Date | null;
  source: Generated<string>;
  changes_cursor: string | null;
  changes_as_of: Date | null;
  from_empty: Generated<boolean>;
  case_days: Generated<number>;
  held_case_days: Generated<number>;
};

type DirectorySeenTable = {
  organization_id: string;
  connection_id: string;
  kind: RecordKind;
  page: number;
  type: RecordType;
  ids: string[];
};

type DirectorySyncTable = {
  organization_id: string;
  connection_id: string;
  next_at: Generated<Date>;
  every_seconds: number | null;
  case_days: Generated<number>;
  slow_at: Date | null;
  removals_cursor: string | null;
  removals_readable: boolean | null;
  reconciled_at: Date | null;
  everything_at: Date | null;
  failures: Generated<number>;
  error_code: string | null;
  error_message: string | null;
  error_fix: string | null;
  error_at: Date | null;
  stopped_for: string | null;
  /** Read as an object, written as JSON text. */
  usage: ColumnType<StoredUsage | null, string | null, string | null>;
};

/** What a connection's account used lately. */
export interface StoredUsage {
  requestsLastHour: number;
  rateLimit: { limit: number; resetsAt: string | null } | null;
}

type MirrorRemovalTable = {
  organization_id: string;
  connection_id: string;
  removed_at: Generated<Date>;
};

type CallerRefreshTable = {
  organization_id: string;
  call_id: string;
  claimed_at: Generated<Date>;
  as_of: Date | null;
};

type NumberMissTable = {
  organization_id: string;
  e164: string;
  until: Date;
};

type NumberReadingTable = {
  organization_id: string;
  country: string;
  metadata: string;
};
