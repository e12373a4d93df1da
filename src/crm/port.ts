/**
 * What any CRM platform must do. A platform is described as data (its form) plus a connection that can be checked and
 * pulled. Rooms above import only this file and `registry.ts`, never a platform's folder.
 *
 * Words: a *platform* is a product (ServiceNow); a *connection* is one organization's link to one instance of it.
 */

import type { ParsedSettings, SettingField, Settings } from '../platform/setting-field.ts';

export type {
  ParsedSettings,
  SettingField,
  SettingNote,
  Settings,
} from '../platform/setting-field.ts';

export interface CrmPlatform {
  /** Stable id, e.g. `servicenow`. */
  id: string;
  /** Name on the screen, e.g. `ServiceNow`. */
  title: string;
  fields: SettingField[];
  /** Paragraphs of help at the top of the form: which roles the user needs and so on. */
  guide: string[];
  /**
   * Checks and mends what was typed. Public settings and secrets come back apart.
   * A secret left empty is absent from `secrets`; `storedSecrets` names those already kept, which need not be typed again.
   */
  parseSettings(input: Record<string, unknown>, storedSecrets: string[]): ParsedSettings;
  connect(settings: Settings, secrets: Settings, options?: ConnectOptions): CrmConnection;
}

export interface ConnectOptions {
  /** Country (ISO 3166 alpha-2) and similar facts are not the CRM's business; only plumbing belongs here. */
  userAgent?: string;
}

/** The kinds of record that Ringside mirrors, in the order in which they are pulled. */
export const recordKinds = ['users', 'customers', 'contacts', 'cases'] as const;
export type RecordKind = (typeof recordKinds)[number];

export interface CrmConnection {
  /** Runs the ten steps of the Systems Check one after the other; yields `running` and then the outcome of each. */
  check(signal?: AbortSignal): AsyncGenerator<CheckProgress, void, void>;
  /**
   * All records of a kind, page by page, in a stable order. `cursor` of the last page seen resumes after it.
   * Throws CrmError, or the abort's own error when the signal fired. `contacts` also yields consumers where the instance
   * has them. A record may come twice.
   */
  pull(kind: RecordKind, options?: PullOptions): AsyncGenerator<RecordPage, void, void>;
  /** Links a person can open in the CRM; never calls it. */
  link(target: LinkTarget): string;
  close(): Promise<void>;
}

export interface PullOptions {
  cursor?: string | null;
  signal?: AbortSignal;
}

export interface RecordPage {
  records: CrmRecord[];
  /** How many rows the CRM says there are of this kind in all, access rules not considered; null when it does not say. */
  total: number | null;
  /** Resumes the pull after this page. */
  cursor: string;
}

export interface LinkTarget {
  kind: RecordType;
  id: string;
}

export type RecordType = 'user' | 'customer' | 'contact' | 'consumer' | 'case';

/** One telephone number as the CRM stores it: any text, see `directory/phone-number.ts`. */
export interface RawPhone {
  /** The CRM's own field name, e.g. `mobile_phone`. */
  field: string;
  /** The field's label for people, e.g. `mobile phone`. */
  label: string;
  raw: string;
}

interface RecordBase {
  id: string;
  /** When the CRM last changed it; null when it does not say. */
  updatedAt: Date | null;
}

interface PersonBase extends RecordBase {
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  active: boolean;
  /** Country as the CRM spells it (code or name), or ''. */
  country: string;
  phones: RawPhone[];
}

export interface CrmUser extends PersonBase {
  type: 'user';
  userName: string;
}

export interface Customer extends RecordBase {
  type: 'customer';
  name: string;
  number: string;
  city: string;
  country: string;
  phones: RawPhone[];
}

export interface Contact extends PersonBase {
  type: 'contact' | 'consumer';
  customerId: string | null;
  city: string;
  language: string;
}

/** A value with the label that the CRM shows for it. */
export interface Choice {
  value: string;
  label: string;
}

export interface Case extends RecordBase {
  type: 'case';
  number: string;
  shortDescription: string;
  state: Choice;
  priority: Choice;
  open: boolean;
  customerId: string | null;
  contactId: string | null;
  consumerId: string | null;
  assignedToId: string | null;
  openedAt: Date | null;
}

export type CrmRecord = CrmUser | Customer | Contact | Case;

/** The steps of the Systems Check, in the order in which they run. */
export const checkStepIds = [
  'url',
  'reachable',
  'signed-in',
  'csm-active',
  'users',
  'customers',
  'contacts',
  'cases',
  'query-safety',
  'details-link',
] as const;
export type CheckStepId = (typeof checkStepIds)[number];

/** What each step finds out, as the claim that it tests. */
export const checkStepTitles: Record<CheckStepId, string> = {
  url: 'The Endpoint is a usable address',
  reachable: 'The instance answers at the Endpoint',
  'signed-in': 'User name and password are accepted',
  'csm-active': 'Customer Service Management is active',
  users: 'Users can be read',
  customers: 'Customers can be read',
  contacts: 'Contacts can be read',
  cases: 'Cases can be read',
  'query-safety': 'Searches are obeyed',
  'details-link': 'The CRM Details Link is a usable address',
};

/** Why a step did not pass. Closed set, public (DESIGN.md §5). */
export const checkCodes = [
  'bad-url',
  'dns',
  'refused',
  'tls',
  'timeout',
  'not-servicenow',
  'hibernating',
  'maintenance',
  'unauthorized',
  'mfa-required',
  'rate-limited',
  'csm-inactive',
  'no-access',
  'rows-hidden',
  'field-hidden',
  'dropped',
  'transaction-cancelled',
  'malformed',
  'unsafe-query',
] as const;
export type CheckCode = (typeof checkCodes)[number];

export interface CheckStep {
  id: CheckStepId;
  title: string;
  status: 'pass' | 'warn' | 'fail' | 'skip';
  code: CheckCode | null;
  /** What was found, for an administrator. */
  detail: string;
  /** What to do about it; null when nothing is to be done. */
  fix: string | null;
  /** Milliseconds the step took. */
  ms: number;
}

export type CheckProgress =
  | { type: 'started'; id: CheckStepId; title: string }
  | { type: 'finished'; step: CheckStep; count: { kind: RecordKind; total: number | null } | null };

/** A failure of a CRM call, already translated: `code` is one of ours, `message` and `fix` are for an administrator. */
export class CrmError extends Error {
  readonly code: CheckCode;
  readonly fix: string;
  readonly retryable: boolean;
  /** Seconds the CRM asked us to wait, or null. */
  readonly retryAfter: number | null;

  constructor(
    code: CheckCode,
    message: string,
    options: { fix: string; retryable?: boolean; retryAfter?: number | null; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrmError';
    this.code = code;
    this.fix = options.fix;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
  }
}
