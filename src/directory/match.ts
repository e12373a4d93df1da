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
  /** The record is still being made in the CRM: its id is ours (pending-contact.ts). */
  provisional: boolean;
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
  /** The number is on its way to the CRM: since when, and who put it there; null: the CRM has it. */
  pending: { at: Date; by: string | null } | null;
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

/** The customer when several candidates all belong to the same one, or are it. */
export function sharedCustomer(
  found: readonly MatchCandidate[],
): { connectionId: string; id: string; name: string } | null {
  const customers = found.map((candidate) =>
    candidate.kind === 'customer' ? candidate : candidate.customer,
  );
  const [first] = customers;
  const connectionId = found[0]?.connectionId ?? '';
  if (first === undefined || first === null || found.length < 2) return null;
  const shared = customers.every(
    (customer, place) => customer?.id === first.id && found[place]?.connectionId === connectionId,
  );
  return shared ? { connectionId, id: first.id, name: first.name } : null;
}

export function candidateKey(kind: OwnerKind, connectionId: string, id: string): string {
  return `${kind}:${connectionId}:${id}`;
}

/** What a key names; null for what is none. */
export function parseCandidateKey(
  key: string,
): { kind: OwnerKind; connectionId: string; id: string } | null {
  const [, kind, connectionId, id] = keyForm.exec(key) ?? [];
  if (connectionId === undefined || id === undefined || !isOwnerKind(kind)) return null;
  return { kind, connectionId, id };
}

/** The connection and the CRM's id of a case that a key names; null for what is none. */
export function parseCaseKey(key: string): { connectionId: string; id: string } | null {
  const [, kind, connectionId, id] = keyForm.exec(key) ?? [];
  return kind === 'case' && connectionId !== undefined && id !== undefined
    ? { connectionId, id }
    : null;
}

// Keys come back from browsers.
const keyForm = /^([a-z]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([^\p{Cc}]{1,100})$/u;

const isOwnerKind = (kind: string | undefined): kind is OwnerKind =>
  kind !== undefined && Object.hasOwn(kindWords, kind);

/** Why somebody matched, as a sentence without the age, which the screen adds. */
export function reasonText(
  owner: { kind: OwnerKind; name: string },
  phone: { label: string; raw: string; pending: boolean },
): string {
  if (phone.pending)
    return `${phone.label} of ${kindWords[owner.kind]} ${owner.name}, on its way to the CRM: ${phone.raw}`;
  return `${phone.label} of ${kindWords[owner.kind]} ${owner.name}, as stored: ${phone.raw}`;
}
