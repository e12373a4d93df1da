import { caseById } from '../directory/case-store.ts';
import type { MatchCandidate } from '../directory/match.ts';
import type { Database } from '../platform/database/database.ts';
import { ownerValues } from './case-owner.ts';
import type { OrganizationFacts } from './organization-facts.ts';
import { writesOfCalls } from './outbox-store.ts';
import { caseIdOf } from './work-view.ts';
import type { WorkFacts } from './work-view.ts';
import { nothingDone, workOfCall } from './work-store.ts';

/** What was done with a call, as the tables have it: one round trip for a call that nobody has worked on yet. */
export async function loadWork(
  db: Database,
  organizationId: string,
  callId: string,
  { handling, link }: OrganizationFacts,
): Promise<WorkFacts> {
  const stored = await workOfCall(db, organizationId, callId);
  const writes = stored.writes
    ? ((await writesOfCalls(db, organizationId, [callId])).get(callId) ?? [])
    : [];
  const { tag } = stored;
  const caseId = tag === null ? null : caseIdOf(tag, writes);
  const mirrored =
    tag === null || caseId === null
      ? null
      : await caseById(db, organizationId, tag.connectionId, caseId);
  return { stored, writes, mirrored, handling, link };
}

/** Of a call that nobody can have worked on. */
export function noWork({ handling, link }: OrganizationFacts): WorkFacts {
  return { stored: nothingDone, writes: [], mirrored: null, handling, link };
}

/** Opens the CRM's own form of a new case for the caller; null without a connection. */
export function newCaseLink(
  { link, primary }: OrganizationFacts,
  candidate: MatchCandidate | null,
): string | null {
  const connectionId = candidate?.connectionId ?? primary;
  if (connectionId === null) return null;
  const values = { channel: 'phone', ...ownerValues(candidate) };
  return link(connectionId, { kind: 'new-case', values });
}
