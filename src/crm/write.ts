import type { RecordType } from './record.ts';

/** What can be written to a CRM, in the port's own words. */

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
