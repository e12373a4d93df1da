import type { RecordKind, RecordType } from '../crm/port.ts';

/**
 * The room's tables as migration 0010 makes them. (Types, not interfaces: Kysely wants an index
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
};

type MirroredRow = {
  organization_id: string;
  connection_id: string;
  id: string;
  updated_at: Date | null;
  fingerprint: string;
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
  status: PullStatus;
  started_at: Date;
  alive_at: Date;
  finished_at: Date | null;
};

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
};

type DirectorySeenTable = {
  organization_id: string;
  connection_id: string;
  kind: RecordKind;
  page: number;
  type: RecordType;
  ids: string[];
};
