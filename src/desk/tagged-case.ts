import type { Choice } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { lockTag } from './case-tag-store.ts';
import { orderWrite, writesOfCalls } from './outbox-store.ts';
import type { RecordRef, WriteAction } from './outbox.ts';
import type { CaseTag } from './work-store.ts';
import type { WantedValue } from './work-tables.ts';

/** The case that a call is about, locked. Null without one, and when what was to make it was dropped. */
export async function lockTaggedCase(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<CaseTag | null> {
  const tag = await lockTag(trx, organizationId, callId);
  if (tag === null || tag.caseId !== null) return tag;
  const writes = (await writesOfCalls(trx, organizationId, [callId])).get(callId) ?? [];
  return writes.some(({ id }) => id === tag.writeId) ? tag : null;
}

/** Throws `conflict` without a tagged case. */
export function needTag(tag: CaseTag | null): CaseTag {
  if (tag !== null) return tag;
  throw new RingsideError('conflict', 'No case is tagged for this call.', {
    fix: 'Tag a case or make one first.',
  });
}

/** Orders a write to the tagged case, in the lane in which the case is made, so after it and in the order in which it was ordered. */
export function orderForCase(
  trx: Database,
  organizationId: string,
  tag: CaseTag,
  write: { personId: string; subject: string; action: WriteAction },
): Promise<string> {
  const { callId, connectionId, lane } = tag;
  return orderWrite(trx, { organizationId, connectionId, lane, callId, ...write });
}

/** The tagged case for the outbox: by its id, or by the write that makes it. */
export function caseRef({ caseId, writeId }: CaseTag): RecordRef {
  return caseId === null ? { write: writeId ?? '' } : { id: caseId };
}

/** 'CS0001234', or 'the new case' while it has no number yet. */
export function caseName({ number }: CaseTag): string {
  return number === '' ? 'the new case' : number;
}

/** What is shown of a field until the write that carries it has arrived. */
export function wantedValue({ value, label }: Choice, write: string): WantedValue {
  return { value, label, write };
}
