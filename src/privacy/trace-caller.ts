import { countOwners, candidateRow } from '../directory/match-store.ts';
import type { OwnerKind } from '../directory/tables.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { matchKey } from '../directory/renumbering.ts';
import { peopleChannel } from '../desk/channel.ts';
import { recordChange } from '../organization/audit-store.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { TraceExport, TraceSummary } from './trace-contract.ts';
import {
  callsOf,
  countBusy,
  countTraces,
  eraseTraces,
  keptRecords,
  nameOfKey,
  rowsOf,
} from './trace-store.ts';
import type { Subject, Traces } from './trace-store.ts';

export interface TraceDeps {
  db: Database;
  clock: Clock;
  notifier: Pick<Notifier, 'publish'>;
}

/** An export is made in memory, an erasure in one transaction. */
const mostCalls = 10_000;

/** What Ringside holds of a caller, in numbers. Throws `invalid-input` for what is no number, `not-found` for an unknown record. */
export async function summarizeTraces(
  { db }: TraceDeps,
  viewer: Viewer,
  who: string,
): Promise<TraceSummary> {
  return summaryOf(db, await tracesOf(db, viewer, who));
}

/** All of it, as it is stored. That it was exported is audited, without whose it was. */
export async function exportTraces(
  { db, clock }: TraceDeps,
  viewer: Viewer,
  who: string,
): Promise<TraceExport> {
  const found = await tracesOf(db, viewer, who);
  const summary = await summaryOf(db, found);
  const rows = await rowsOf(db, found.traces);
  await recordChange(db, viewer.organizationId, {
    ...{ at: clock.now(), by: viewer, action: 'export traces' },
    ...{ subject: 'a caller', detail: summary.counts },
  });
  return { name: found.name, exportedAt: clock.now().toISOString(), summary, rows };
}

/**
 * Erases all of it here, and answers in `counts` what that was; what the CRM holds stays. All or nothing: throws `conflict` while a call
 * goes on, is worked on, or has a write that waits for the CRM, `invalid-input` when `confirm` is not the name. Audited, in numbers alone.
 */
export async function eraseCaller(
  { db, clock, notifier }: TraceDeps,
  viewer: Viewer,
  { who, confirm }: { who: string; confirm: string },
): Promise<TraceSummary> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  return db.transaction().execute(async (trx) => {
    const found = await tracesOf(trx, viewer, who, true);
    if (confirm.trim() !== found.name)
      throw new RingsideError('invalid-input', 'Nothing was erased: the confirmation differs.', {
        fix: 'Type the number or name exactly as it is shown.',
        fields: [{ field: 'confirm', message: 'Type it as it is shown.' }],
      });
    const summary = await summaryOf(trx, found);
    if (summary.busy > 0)
      throw new RingsideError(
        'conflict',
        'Nothing was erased: calls of this caller go on, are worked on, or have writes that wait for the CRM.',
        { fix: 'Wait until they are over; mend or drop writes that need attention in the Outbox.' },
      );
    await eraseTraces(trx, found.traces);
    await recordChange(trx, organizationId, {
      ...{ at: clock.now(), by: viewer, action: 'erase traces' },
      ...{ subject: 'a caller', detail: summary.counts },
    });
    // Desks that still show one of the calls are told anew.
    await notifier.publish(trx, peopleChannel, { organizationId });
    return { ...summary, busy: 0 };
  });
}

interface Found {
  name: string;
  /** Records of them in the mirror. */
  mirrored: number;
  traces: Traces;
}

async function tracesOf(db: Database, viewer: Viewer, who: string, lock = false): Promise<Found> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const { name, subject, mirrored } = await subjectOf(db, organizationId, who);
  const callIds = await callsOf(db, organizationId, subject, { limit: mostCalls + 1, lock });
  if (callIds.length > mostCalls)
    throw new RingsideError('conflict', `These are more than ${mostCalls} calls.`, {
      fix: 'Is it a number of your own, or one that many callers share? Say first how long calls are kept, under Call handling.',
    });
  return { name, mirrored, traces: { organizationId, subject, callIds } };
}

async function subjectOf(
  db: Database,
  organizationId: string,
  who: string,
): Promise<{ name: string; subject: Subject; mirrored: number }> {
  const [, kind, connectionId, id] =
    /^(contact|consumer|customer|user):([0-9a-f-]{36}):(.+)$/.exec(who) ?? [];
  if (kind !== undefined && connectionId !== undefined && id !== undefined) {
    const own = (await connectionsOf(db, organizationId)).some((one) => one.id === connectionId);
    const known = own
      ? await nameInMirror(db, organizationId, kind as OwnerKind, connectionId, id)
      : null;
    const name = known ?? (await nameOfKey(db, organizationId, who));
    if (name === null) throw new RingsideError('not-found', 'Nobody is known by this key.');
    return { name, subject: { e164: null, key: who }, mirrored: known === null ? 0 : 1 };
  }
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const { e164 } = callerNumber(who, country);
  if (e164 === null)
    throw new RingsideError('invalid-input', 'This is no telephone number.', {
      fix: 'Type it with its country code, such as +49 30 1234567.',
      fields: [{ field: 'who', message: 'Type it with its country code, such as +49 30 1234567.' }],
    });
  const number = matchKey(e164);
  return {
    name: e164,
    subject: { e164: number, key: null },
    mirrored: await countOwners(db, organizationId, number),
  };
}

async function nameInMirror(
  db: Database,
  organizationId: string,
  kind: OwnerKind,
  connectionId: string,
  id: string,
): Promise<string | null> {
  const row = await candidateRow(db, organizationId, { connectionId, kind, id });
  return row?.name ?? null;
}

async function summaryOf(db: Database, { name, mirrored, traces }: Found): Promise<TraceSummary> {
  return {
    name,
    counts: await countTraces(db, traces),
    busy: await countBusy(db, traces),
    kept: await keptRecords(db, traces),
    mirrored,
  };
}
