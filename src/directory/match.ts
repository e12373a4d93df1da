import type { OwnerKind } from './tables.ts';

/**
 * Somebody whom a number belongs to, and why. No links: the desk makes them from the connection's
 * settings.
 */
export interface MatchCandidate {
  /** Stable within the organization: `contact:<connection>:<id>`. */
  key: string;
  kind: OwnerKind;
  connectionId: string;
  /** The CRM's own id. */
  id: string;
  name: string;
  title: string;
  email: string;
  city: string;
  country: string;
  customer: { id: string; name: string } | null;
  reason: MatchReason;
  /** The most urgent first, then the oldest; at most 20. */
  openCases: MatchedCase[];
  /** Open cases in all. */
  openCaseCount: number;
  /** When somebody last chose this one of several, and who; null when nobody did or it was forgotten. */
  lastChosen: { at: Date; by: string | null } | null;
}

export interface MatchReason {
  /** `mobile phone` */
  label: string;
  /** The CRM's field name, `mobile_phone`. */
  field: string;
  /** The number as stored, `(030) 123-45`. */
  raw: string;
  /** When the CRM last changed the record; null when it does not say. */
  updatedAt: Date | null;
  /** 'mobile phone of contact Ada Berg, as stored: (030) 123-45' */
  text: string;
}

export interface MatchedCase {
  id: string;
  number: string;
  shortDescription: string;
  /** Labels as the CRM shows them. */
  state: string;
  priority: string;
  /** 1 = most urgent; 99 unknown. */
  priorityRank: number;
  openedAt: Date | null;
}

const kindWords: Record<OwnerKind, string> = {
  contact: 'contact',
  consumer: 'consumer',
  customer: 'customer',
  user: 'CRM user',
};

export function candidateKey(kind: OwnerKind, connectionId: string, id: string): string {
  return `${kind}:${connectionId}:${id}`;
}

/** Why somebody matched, as a sentence without the age, which the screen adds. */
export function reasonText(
  owner: { kind: OwnerKind; name: string },
  phone: { label: string; raw: string },
): string {
  return `${phone.label} of ${kindWords[owner.kind]} ${owner.name}, as stored: ${phone.raw}`;
}
