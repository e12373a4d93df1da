/**
 * What any CRM platform must do. A platform is described as data (its form) plus a connection that can be checked and
 * pulled. What it gives and takes stands beside this file: `record.ts`, `write.ts`, `check-step.ts`, `crm-error.ts`. Rooms above
 * import only these and `registry.ts`, never a platform's folder.
 *
 * Words: a *platform* is a product (ServiceNow); a *connection* is one organization's link to one instance of it.
 */

import type { ParsedSettings, SettingField, Settings } from '../platform/setting-field.ts';
import type { CaseRight, CheckProgress } from './check-step.ts';
import type { CrmCode } from './crm-error.ts';
import type {
  Case,
  CaseOwner,
  Choice,
  ChoiceField,
  CrmRecord,
  RecordKind,
  RecordType,
} from './record.ts';
import type {
  CallLog,
  LogOptions,
  LoggedCall,
  NewRecord,
  NoteOptions,
  WriteKind,
  WriteValues,
  WrittenRecord,
} from './write.ts';

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
  /** Told of every request, once it was answered or given up. */
  onRequest?: OnCrmRequest;
}

/** `code` is the HTTP status, or what kept it from being answered: `timeout`, `refused`, `tls`, … or `aborted`. */
export type OnCrmRequest = (request: { platform: string; code: string; seconds: number }) => void;

export interface CrmConnection {
  /** Runs the ten steps of the Systems Check one after the other; yields `running` and then the outcome of each. */
  check(signal?: AbortSignal): AsyncGenerator<CheckProgress, void, void>;
  /** Whether this user may make cases, as far as that can be known: it reads only, and makes none. Throws CrmError. */
  caseRight(signal?: AbortSignal): Promise<CaseRight>;
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
  /** Means something with the same `caseDays` only. */
  cursor?: string | null;
  /** Of cases: closed ones that were changed in so many days come too; 90 when left out. */
  caseDays?: number;
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

export interface CrmUsage {
  requestsLastHour: number;
  /** The limit that the CRM last told of; null when it tells of none. */
  rateLimit: { limit: number; resetsAt: Date | null; rule: string } | null;
  /** The last failure of each code, newest first. */
  errors: { code: CrmCode; message: string; count: number; at: Date }[];
}
