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
  /** What an agent may change or make. */
  people: PeopleForm;
  connect(settings: Settings, secrets: Settings, options?: ConnectOptions): CrmConnection;
}

/** How the CRM keeps people and companies, as far as agents write them. */
export interface PeopleForm {
  /** What may be changed of a record, in the order of a form. */
  fields: Record<CaseOwner['type'], readonly PersonField[]>;
  /** How many characters the names of a new record hold. */
  sizes: { firstName: number; lastName: number; customerName: number };
}

export interface PersonField {
  /** The port's own word, as in WriteFields. */
  name: 'phone' | 'mobilePhone' | 'homePhone' | 'email' | 'title';
  /** The CRM's field name, and what people call it: of a telephone field as in RawPhone. */
  field: string;
  label: string;
  /** Characters that it holds. */
  size: number;
  phone: boolean;
}

export interface ConnectOptions {
  /** Country (ISO 3166 alpha-2) and similar facts are not the CRM's business; only plumbing belongs here. */
  userAgent?: string;
  /** Longest wait for one answer in milliseconds, instead of the platform's own limits. */
  timeoutMs?: number;
}

/** The kinds of record that Ringside mirrors, in the order in which they are pulled. */
export const recordKinds = ['users', 'customers', 'contacts', 'cases'] as const;
export type RecordKind = (typeof recordKinds)[number];

export interface CrmConnection {
  /** Runs the ten steps of the Systems Check one after the other; yields `running` and then the outcome of each. */
  check(signal?: AbortSignal): AsyncGenerator<CheckProgress, void, void>;
  /**
   * All records of a kind, page by page, in a stable order; where there are none, one empty page with the total.
   * `cursor` of the last page seen resumes after it. Throws CrmError, or the abort's own error when the signal fired.
   * `contacts` also yields consumers where the instance has them. A record may come twice.
   */
  pull(kind: RecordKind, options?: PullOptions): AsyncGenerator<RecordPage, void, void>;
  /**
   * Records that were changed at or after a moment, oldest change first; inactive and closed ones too, so that they can
   * be taken away. The last page is always there and may be empty: its cursor is where the next poll begins, a little
   * before the newest change seen, since a change may be committed late. A record may come twice.
   * Throws CrmError; `unsafe-query` when the CRM does not obey or refuses the search by time: then only `keys` tells.
   */
  changes(kind: RecordKind, options: ChangeOptions): AsyncGenerator<RecordPage, void, void>;
  /**
   * Records that were deleted at or after a moment; the last page is always there, as with `changes`.
   * Throws CrmError, `no-access` where the CRM does not let us read its deletions. A deletion may come twice, and not
   * every CRM notes every one: `keys` does not depend on it.
   */
  removals(options: ChangeOptions): AsyncGenerator<RemovalPage, void, void>;
  /** The keys of what `pull` would yield, with a revision that differs whenever the record was written. Throws like `pull`. */
  keys(kind: RecordKind, options?: PullOptions): AsyncGenerator<KeyPage, void, void>;
  /** Records by id, live. What is gone or hidden is absent. Throws CrmError. */
  read(type: RecordType, ids: readonly string[], options?: CallOptions): Promise<CrmRecord[]>;
  /**
   * Contacts, consumers, customers and users one of whose numbers is written in one of these ways, live. Every record was
   * checked against them. A table that is absent or closed is left out. Throws CrmError.
   */
  findByNumbers(variants: readonly string[], options?: CallOptions): Promise<CrmRecord[]>;
  /** Open cases of somebody, live, newest first, at most 200. Throws CrmError. */
  openCases(of: CaseOwner, options?: CallOptions): Promise<Case[]>;
  /** The case with exactly this number, live, open or not; null when there is none that the user may see. Throws CrmError. */
  caseByNumber(number: string, options?: CallOptions): Promise<Case | null>;
  /** What can be chosen for a field of a case in this very CRM, in its order. Throws CrmError. */
  choices(field: ChoiceField, options?: CallOptions): Promise<Choice[]>;
  /**
   * Makes a record, once: `correlationId` is kept with it and looked up before it is sent again, also when an earlier
   * call or process sent it. Throws CrmError: `rejected` with the CRM's own words, `uncertain` when it may or may not
   * have been made and that cannot be found out.
   */
  create<K extends WriteKind>(
    kind: K,
    record: NewRecord<K>,
    options?: WriteOptions,
  ): Promise<WrittenRecord>;
  /** Changes fields of a record; the same twice does no harm. Throws CrmError: `rejected`, `not-found`, … */
  update<K extends WriteKind>(
    kind: K,
    id: string,
    values: WriteValues<K>,
    options?: WriteOptions,
  ): Promise<void>;
  /**
   * Adds a note to a case, once: before it is sent again the notes of the case are read for `token`, which is written
   * under the text. Throws CrmError like `create`.
   */
  addNote(
    caseId: string,
    text: string,
    note: NoteOptions,
    options?: WriteOptions,
  ): Promise<'added' | 'already-there'>;
  /**
   * Writes a call down, once, in the way that the connection is set to; with `earlier` it brings what an earlier call of this
   * made up to date. Throws CrmError like `create`.
   */
  logCall(log: CallLog, options: WriteOptions & LogOptions): Promise<LoggedCall>;
  /** Whether calls are to be written down at all. */
  logsCalls(): boolean;
  /** Asks for next to nothing, to see whether the CRM answers. Throws CrmError. */
  ping(options?: CallOptions): Promise<void>;
  /** Requests, limits and failures of this connection's account since this process started. */
  usage(): CrmUsage;
  /**
   * Two sign-ins were refused: nothing more is sent with this credential from this process, and every call throws
   * `unauthorized` with `stopped`, until `check` runs, `resume` is called or the credential changes.
   */
  stopped(): boolean;
  /** Somebody looked: sign-ins may be tried again. */
  resume(): void;
  /** Links a person can open in the CRM; never calls it. */
  link(target: LinkTarget): string;
  close(): Promise<void>;
}

export interface PullOptions {
  cursor?: string | null;
  signal?: AbortSignal;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, retries included; a platform's own patience when left out. */
  budgetMs?: number;
}

export interface WriteOptions extends CallOptions {
  /** Tries in all; as many as a platform finds right when left out. */
  attempts?: number;
  /**
   * When this write was last sent without an answer: the CRM may be at work on it still. Until that cannot be any more a
   * look-up that finds nothing proves nothing, and the call throws `unsettled`.
   */
  doubtSince?: Date | null;
}

export interface ChangeOptions {
  /** A moment, or the cursor of a page of the same method and kind. */
  since: Date | string;
  signal?: AbortSignal | undefined;
}

export interface RemovalPage {
  removals: Removal[];
  cursor: string;
}

export interface Removal {
  type: RecordType;
  id: string;
  /** When it was deleted; null when the CRM does not say. */
  at: Date | null;
}

export interface KeyPage {
  keys: RecordKey[];
  /** As in RecordPage. */
  total: number | null;
  cursor: string;
}

export interface RecordKey {
  type: RecordType;
  id: string;
  /** To be compared for equality only, with that of a record. */
  revision: string;
}

export interface RecordPage {
  records: CrmRecord[];
  /** How many rows the CRM says there are of this kind in all, access rules not considered; null when it does not say. */
  total: number | null;
  /** Resumes the pull after this page. */
  cursor: string;
}

/** What a link opens: a record, or the form of a new one with values filled in. */
export type LinkTarget =
  | { kind: RecordType; id: string }
  | { kind: 'new-case'; values: WriteValues<'case'> }
  | { kind: 'new-contact'; values: WriteValues<'contact'> };

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
  /** Differs whenever the record was written; as in RecordKey. Absent where the CRM does not tell. */
  revision?: string;
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
  /** Of a state: what the CRM wants to have with it, so that it can be asked for first. */
  asks?: ('resolutionCode' | 'resolutionNotes')[];
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

/** Whose cases. */
export interface CaseOwner {
  type: 'contact' | 'consumer' | 'customer';
  id: string;
}

/** Fields of a case whose choices differ from CRM to CRM. The values of `assignmentGroup` are ids of groups. */
export const choiceFields = [
  'state',
  'priority',
  'channel',
  'resolutionCode',
  'category',
  'assignmentGroup',
] as const;
export type ChoiceField = (typeof choiceFields)[number];

/** What can be written, in the port's own words; ids are those of records of the same CRM, times `Date.toISOString()`. */
export interface WriteFields {
  case:
    | 'shortDescription'
    | 'description'
    | 'state'
    | 'priority'
    | 'channel'
    | 'category'
    | 'resolutionCode'
    | 'resolutionNotes'
    | 'contactId'
    | 'consumerId'
    | 'customerId'
    | 'assignedToId'
    | 'assignmentGroupId';
  contact:
    | 'firstName'
    | 'lastName'
    | 'email'
    | 'title'
    | 'phone'
    | 'mobilePhone'
    | 'homePhone'
    | 'customerId'
    | 'country';
  consumer:
    | 'firstName'
    | 'lastName'
    | 'email'
    | 'title'
    | 'phone'
    | 'mobilePhone'
    | 'homePhone'
    | 'country';
  customer: 'name' | 'phone' | 'city' | 'country';
  interaction:
    | 'type'
    | 'direction'
    | 'state'
    | 'shortDescription'
    | 'callerNumber'
    | 'contactId'
    | 'consumerId'
    | 'customerId'
    | 'assignedToId'
    | 'openedFor'
    | 'openedAt'
    | 'closedAt';
  interactionLink: 'interactionId' | 'recordTable' | 'recordId' | 'type';
  phoneLog:
    | 'callId'
    | 'phoneNumber'
    | 'contactId'
    | 'agentId'
    | 'caseId'
    | 'startedAt'
    | 'endedAt'
    | 'seconds';
}
export type WriteKind = keyof WriteFields;
export type WriteValues<K extends WriteKind> = Partial<Record<WriteFields[K], string>>;

export interface NewRecord<K extends WriteKind> {
  /** Ours, at most 100 characters; the same for every try. */
  correlationId: string;
  values: WriteValues<K>;
  /** Nobody tried this correlationId before: spares the look-up ahead of the first try. */
  fresh?: boolean;
}

export interface WrittenRecord {
  id: string;
  /** The number that people see, '' where the CRM gives none. */
  number: string;
  /** It was there already, from a try whose answer was lost. */
  existed: boolean;
}

export interface NoteOptions {
  visibility: 'work-note' | 'customer';
  /** Tells this note from every other, e.g. a UUID; the same for every try. */
  token: string;
  /** Nobody tried this token before. */
  fresh?: boolean;
}

/** A call as it is written down. Texts are ours, for people; ids are those of records of the same CRM. */
export interface CallLog {
  /** Ours, at most 40 characters, the same for every try and every update of this call. */
  correlationId: string;
  direction: 'inbound' | 'outbound' | 'internal';
  /** Somebody talked to somebody. */
  answered: boolean;
  /** The outside party's number, E.164 where it is one; '' when it was hidden. */
  number: string;
  /** `Date.toISOString()` */
  startedAt: string;
  endedAt: string;
  /** How long they talked. */
  seconds: number;
  /** The CRM user who had the call last. */
  agentId: string | null;
  party: { type: Exclude<RecordType, 'case'>; id: string } | null;
  /** The company, where the party is not that itself. */
  customerId: string | null;
  /** Cases that it was about. */
  caseIds: string[];
  /** At most 160 characters. */
  shortDescription: string;
  /** The whole journey, line by line. */
  text: string;
  /** What people noted; on a tagged case it stands already. */
  notes: string;
}

export interface LogOptions {
  /** What the last call for the same correlation id answered; null or absent: it was not written down yet. */
  earlier?: LoggedCall | null;
  /** Tells this update from every other; the same for every try. */
  token: string;
  /** Nobody tried this token before. */
  fresh?: boolean;
}

/** What became of a call in the CRM; may be kept as JSON and handed back as `earlier`. */
export interface LoggedCall {
  /** `none`: there was nothing to write it on, such as no tagged case. */
  way: 'voice-interaction' | 'interaction' | 'work-note' | 'none';
  /** The record that was made; null for notes on cases. */
  id: string | null;
  number: string;
  /** Cases that it was linked to, or noted on. */
  caseIds: string[];
  /** The text that is there now. */
  text: string;
}

export interface CrmUsage {
  requestsLastHour: number;
  /** The limit that the CRM last told of; null when it tells of none. */
  rateLimit: { limit: number; resetsAt: Date | null; rule: string } | null;
  /** The last failure of each code, newest first. */
  errors: { code: CrmCode; message: string; count: number; at: Date }[];
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

/** Why a write failed, beyond what a check can find. */
export const writeCodes = ['rejected', 'not-found', 'uncertain', 'unsettled'] as const;
export type WriteCode = (typeof writeCodes)[number];

/** Every code of a CrmError. */
export type CrmCode = CheckCode | WriteCode;

export interface CrmErrorOptions {
  fix: string;
  retryable?: boolean;
  retryAfter?: number | null;
  refusal?: string | null;
  stopped?: boolean;
  unanswered?: boolean;
  doubtSince?: Date | null;
  cause?: unknown;
}

/** A failure of a CRM call, already translated: `code` is one of ours, `message` and `fix` are for an administrator. */
export class CrmError extends Error {
  readonly code: CrmCode;
  readonly fix: string;
  readonly retryable: boolean;
  /** Seconds the CRM asked us to wait, or null. */
  readonly retryAfter: number | null;
  /** Why the CRM refused a write, in its own words, for an agent; null when it said nothing. */
  readonly refusal: string | null;
  /** The connection stopped by itself after refused sign-ins; see CrmConnection.stopped. */
  readonly stopped: boolean;
  /** The request went out and no answer was seen: the CRM may be at work on it. */
  readonly unanswered: boolean;
  /** Of a write: it may have been done, or be under way, since then; null when it surely was not done. */
  readonly doubtSince: Date | null;

  constructor(code: CrmCode, message: string, options: CrmErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrmError';
    this.code = code;
    this.fix = options.fix;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
    this.refusal = options.refusal ?? null;
    this.stopped = options.stopped ?? false;
    this.unanswered = options.unanswered ?? false;
    this.doubtSince = options.doubtSince ?? null;
  }

  /** The same failure of a write that may have been done. */
  inDoubtSince(doubtSince: Date): CrmError {
    const { code, message, fix, retryable, retryAfter, refusal, stopped, unanswered } = this;
    const facts = { fix, retryable, retryAfter, refusal, stopped, unanswered };
    return new CrmError(code, message, { ...facts, doubtSince, cause: this });
  }

  /** The code for a step of the Systems Check, which writes nothing. */
  get checkCode(): CheckCode {
    return isCheckCode(this.code) ? this.code : 'malformed';
  }
}

function isCheckCode(code: CrmCode): code is CheckCode {
  return (checkCodes as readonly string[]).includes(code);
}
