import type { RecordType } from '../crm/record.ts';
import type { CallLog, WriteValues } from '../crm/write.ts';
import type { Database } from '../platform/database/database.ts';

/**
 * The outbox: writes to a CRM that are committed together with what a person did, and delivered later: in order within
 * their lane, at least once on the wire and once in the CRM. See docs/outbox.md.
 */

/** A record of the CRM, or the one that an earlier write of the same lane makes. */
export type RecordRef = { id: string } | { write: string };

export type WriteAction =
  | {
      kind: 'create-case';
      values: WriteValues<'case'>;
      /** Where an earlier write makes them; else their ids stand in `values`. */
      contact?: RecordRef;
      customer?: RecordRef;
    }
  | { kind: 'update-case'; case: RecordRef; values: WriteValues<'case'> }
  | { kind: 'add-note'; case: RecordRef; visibility: 'work-note' | 'customer'; text: string }
  | { kind: 'create-contact'; values: WriteValues<'contact'>; customer?: RecordRef }
  | { kind: 'create-customer'; values: WriteValues<'customer'> }
  /** Changes who somebody is, such as their numbers. */
  | { kind: 'update-contact'; type: 'contact'; contact: RecordRef; values: WriteValues<'contact'> }
  | {
      kind: 'update-contact';
      type: 'consumer';
      contact: RecordRef;
      values: WriteValues<'consumer'>;
    }
  | {
      kind: 'update-contact';
      type: 'customer';
      contact: RecordRef;
      values: WriteValues<'customer'>;
    }
  /** Writes down a call as it stands when this is delivered; later ones of the same call update the same record. */
  | {
      kind: 'log-call';
      callId: string;
      /** What is written, once it was tried: every further try writes the same. */
      facts?: CallLog;
    };

export type WriteKind = WriteAction['kind'];

export interface NewWrite {
  organizationId: string;
  connectionId: string;
  /** Writes of a lane go one after the other: the call's id where there is one. */
  lane: string;
  callId: string | null;
  /** Who does it; null: the hub itself. */
  personId: string | null;
  /** For people: 'Note on CS0001234'. */
  subject: string;
  action: WriteAction;
}

/** A write that is over. */
export interface SettledWrite extends NewWrite {
  id: string;
  outcome: 'delivered' | 'dropped';
  /** What it made or changed; null when it was dropped, or has no record of its own. */
  record: WrittenTo | null;
}

export interface WrittenTo {
  type: RecordType | 'interaction';
  id: string;
  /** '' where it is not known. */
  number: string;
}

/** For those who wait for a write: called inside the transaction that settles it. */
export type OnSettled = (trx: Database, write: SettledWrite) => Promise<void>;

/** The writes whose records an action needs. */
export function dependenciesOf(action: WriteAction): string[] {
  const refs = Object.values(action).filter(isRef);
  return refs.flatMap((ref) => ('write' in ref ? [ref.write] : []));
}

function isRef(value: unknown): value is RecordRef {
  return typeof value === 'object' && value !== null && ('write' in value || 'id' in value);
}
