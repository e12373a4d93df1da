/** Records of a CRM in the port's own words: people, companies and cases, and what can be chosen for a case. */

/** The kinds of record that Ringside mirrors, in the order in which they are pulled. */
export const recordKinds = ['users', 'customers', 'contacts', 'cases'] as const;

export type RecordKind = (typeof recordKinds)[number];

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

export type CrmRecord = CrmUser | Customer | Contact | Case;
