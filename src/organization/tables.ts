import type { ColumnType, Generated } from 'kysely';
import type { NumbersMaskedFor } from './number-mask.ts';
import type { Plan, Role } from './plan.ts';
import type { SecondFactorFor } from './second-factor.ts';

/** The room's tables as migrations 0001 and 0002 make them. */
export type OrganizationTables = {
  account_user: AccountUserTable;
  account_session: AccountSessionTable;
  account_credential: AccountCredentialTable;
  account_attempt: AccountAttemptTable;
  account_two_factor: AccountTwoFactorTable;
  organization: OrganizationTable;
  plan_seats: PlanSeatsTable;
  person: PersonTable;
  invitation: InvitationTable;
  crm_connection: CrmConnectionTable;
  crm_user_mapping: CrmUserMappingTable;
  phone_system: PhoneSystemTable;
  audit_entry: AuditEntryTable;
};

/** Read as an object, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
type CreatedAt = Generated<Date>;

type AccountUserTable = {
  id: string;
  name: string;
  email: string;
  email_verified: boolean;
  two_factor_enabled: Generated<boolean>;
  created_at: CreatedAt;
  updated_at: CreatedAt;
};

type AccountSessionTable = {
  id: string;
  expires_at: Date;
  token: string;
  created_at: Date;
  updated_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  user_id: string;
  last_used_at: Date;
  single_sign_on: Generated<boolean>;
};

type AccountCredentialTable = {
  id: string;
  account_id: string;
  provider_id: string;
  user_id: string;
  password: string | null;
  created_at: CreatedAt;
  updated_at: Date;
};

/** Written by better-auth. */
type AccountTwoFactorTable = {
  id: string;
  secret: string;
  backup_codes: string;
  user_id: string;
  verified: boolean;
};

type AccountAttemptTable = {
  key: string;
  count: number;
  until: Date;
};

type OrganizationTable = {
  id: string;
  version: Generated<number>;
  name: string;
  country: string;
  time_zone: string;
  second_factor_for: Generated<SecondFactorFor>;
  suspended_at: Date | null;
  seats_by_operator: Generated<boolean>;
  agents_may_not: Generated<string[]>;
  numbers_masked_for: Generated<NumbersMaskedFor>;
  created_at: CreatedAt;
};

type PlanSeatsTable = {
  organization_id: string;
  plan: Plan;
  total: number;
};

type PersonTable = {
  organization_id: string;
  id: string;
  user_id: string | null;
  name: string;
  email: string;
  role: Role;
  plan: Plan | null;
  extension: string | null;
  active: Generated<boolean>;
  created_at: CreatedAt;
};

type InvitationTable = {
  organization_id: string;
  person_id: string;
  token_hash: Buffer;
  expires_at: Date;
  opened_at: Generated<Date | null>;
  created_at: CreatedAt;
};

type CrmConnectionTable = {
  organization_id: string;
  id: string;
  platform: string;
  settings: Json<Record<string, string>>;
  secrets: Json<Record<string, string>>;
  is_primary: boolean;
  state: Generated<ConnectionState>;
  last_check_at: Date | null;
  created_at: CreatedAt;
};

/** `new`: no credential yet. `unchecked`: never checked since the last change. */
export type ConnectionState = 'new' | 'unchecked' | 'ok' | 'warning' | 'failed';

type CrmUserMappingTable = {
  organization_id: string;
  person_id: string;
  connection_id: string;
  crm_user_id: string;
};

type PhoneSystemTable = {
  organization_id: string;
  id: string;
  kind: string;
  name: string;
  token_hash: Buffer;
  hmac_secret: string | null;
  last_event_at: Date | null;
  settings: ColumnType<Record<string, string>, string | undefined, string>;
  secrets: ColumnType<Record<string, string>, string | undefined, string>;
  created_at: CreatedAt;
};

type AuditEntryTable = {
  organization_id: string;
  id: string;
  at: Date;
  person_id: string | null;
  person_name: string;
  action: string;
  subject: string;
  detail: Json<Record<string, unknown>>;
};
