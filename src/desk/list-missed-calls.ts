import { phoneNames } from '../calls/call-phone-store.ts';
import { recordedParties } from '../calls/call-record-store.ts';
import { rang } from '../calls/call.ts';
import { callsByIds } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { parseCandidateKey } from '../directory/match.ts';
import { isPending } from '../directory/pending-contact.ts';
import { callPriorities } from '../organization/call-priority.ts';
import { requireFeature } from '../organization/features.ts';
import {
  organizationUnlocks,
  requireOrganizationFeature,
} from '../organization/organization-features.ts';
import { peopleOf } from '../organization/person-store.ts';
import { teamsSeenBy } from '../organization/team-reach.ts';
import { membersOfTeam } from '../organization/team-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { MissedCall, MissedPage, MissedPart, MissedQuery } from './missed-contract.ts';
import { countOpen, lastParts, listEntries } from './missed-list-store.ts';
import type { ListedPart, MissedPlace, StoredMissedCall } from './missed-list-store.ts';
import { outsideCaller } from './missed-call.ts';
import { missedReachOf } from './missed-reach.ts';
import { readFacts } from './organization-facts.ts';
import type { OrganizationFacts } from './organization-facts.ts';

export interface MissedListDeps {
  db: Database;
  clock: Clock;
}

const pageSize = 50;
const partsShown = 10;

/** A page of those who called in vain, as far as the viewer may see them. Throws `plan-required`, `invalid-input`. */
export async function pageOfMissedCalls(
  deps: MissedListDeps,
  viewer: Viewer,
  { scope, state, after, teamId }: MissedQuery,
): Promise<MissedPage> {
  requireFeature(viewer, 'missed-calls');
  const { db } = deps;
  const { organizationId, personId: id } = viewer;
  const { reach, scopes } = await missedReachOf(deps, organizationId, { ...viewer, id }, scope);
  const hasTeams = await organizationUnlocks(db, organizationId, 'teams');
  if (teamId !== undefined) await requireOrganizationFeature(db, organizationId, 'teams');
  const members = teamId === undefined ? null : await membersOfTeam(db, organizationId, teamId);
  const open = state === 'open';
  const place = after === undefined ? null : placeOf(after);
  const found = await listEntries(db, organizationId, reach, {
    ...{ open, after: place, limit: pageSize + 1, members },
  });
  const shown = found.slice(0, pageSize);
  const last = found.length > pageSize ? shown.at(-1) : undefined;
  const lastAt = open ? last?.lastAt : last?.closedAt;
  return {
    scope: reach.kind,
    scopes,
    teams: hasTeams ? await teamsSeenBy(db, viewer) : [],
    open: await countOpen(db, organizationId, reach, members),
    calls: await presentMissedCalls(db, organizationId, shown),
    next:
      last === undefined || !lastAt ? null : `${last.priority}_${lastAt.toISOString()}_${last.id}`,
  };
}

function placeOf(cursor: string): MissedPlace {
  const [, priority = '', time = '', id = ''] =
    /^([0-3])_(.+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  const at = new Date(time);
  // PostgreSQL reads no year beyond four digits in this form.
  if (/^\d{4}-/.test(time) && !Number.isNaN(at.getTime()))
    return { priority: Number(priority), at, id };
  throw new RingsideError('invalid-input', 'This is not the place of a page.', {
    fix: 'Begin with the first page again.',
    fields: [{ field: 'after', message: 'Take it from `next` of the page before.' }],
  });
}

/** Entries as the screens show them, in the same order. */
export async function presentMissedCalls(
  db: Database,
  organizationId: string,
  entries: readonly StoredMissedCall[],
): Promise<MissedCall[]> {
  if (entries.length === 0) return [];
  const parts = await lastParts(
    db,
    organizationId,
    entries.map(({ id }) => id),
    partsShown,
  );
  const callIds = [...new Set([...parts, ...entries.map(lastCall)].map(({ callId }) => callId))];
  const [calls, parties, names, people, facts] = await Promise.all([
    callsByIds(db, organizationId, callIds),
    recordedParties(db, organizationId, callIds),
    phoneNames(db, organizationId, callIds),
    peopleOf(db, organizationId),
    readFacts(db, organizationId),
  ]);
  const byId = new Map(calls.map((call) => [call.id, call]));
  const now = new Map(
    people.flatMap(({ extension, name }) => (extension ? [[extension, name]] : [])),
  );
  // What was not kept then is told as it is now.
  const nameOf = (callId: string, extension: string) =>
    names.get(callId)?.get(extension) ?? now.get(extension) ?? extension;
  const byEntry = Map.groupBy(parts, ({ entryId }) => entryId);
  return entries.flatMap((entry) => {
    const call = byId.get(entry.lastCallId);
    if (call === undefined) return [];
    const party = parties.get(entry.lastCallId);
    const { id, times, tries } = entry;
    return {
      ...{ id, times, tries },
      caller: outsideCaller(call, facts.country),
      name: party?.name ?? '',
      company: party?.company ?? '',
      link: recordLink(facts, party?.candidateKey ?? null),
      priority:
        entry.priorityReason === null
          ? null
          : { level: callPriorities[entry.priority] ?? 'normal', why: entry.priorityReason },
      firstAt: entry.firstAt.toISOString(),
      lastAt: entry.lastAt.toISOString(),
      calls: (byEntry.get(id) ?? []).map((part) =>
        presentPart(part, byId.get(part.callId), nameOf),
      ),
      case: presentCase(entry, facts),
      closed:
        entry.closedAt === null || entry.closedFor === null
          ? null
          : { at: entry.closedAt.toISOString(), reason: entry.closedFor, by: entry.closedBy },
    };
  });
}

const lastCall = ({ lastCallId: callId }: StoredMissedCall) => ({ callId });

function presentPart(
  { callId, kind, at, queue }: ListedPart,
  call: StoredCall | undefined,
  nameOf: (callId: string, extension: string) => string,
): MissedPart {
  const by = kind === 'missed' ? call && rang(call) : call?.from && [call.from];
  return {
    ...{ callId, kind, queue, at: at.toISOString(), result: call?.result ?? null },
    people: (by || []).slice(0, 50).map((extension) => nameOf(callId, extension)),
  };
}

function recordLink({ link }: OrganizationFacts, key: string | null): string | null {
  const record = key === null ? null : parseCandidateKey(key);
  if (record === null || isPending(record.id)) return null;
  return link(record.connectionId, { kind: record.kind, id: record.id });
}

function presentCase(
  { case: opened }: StoredMissedCall,
  { link }: OrganizationFacts,
): MissedCall['case'] {
  if (opened === null) return null;
  const { connectionId, id, number, shortDescription, state } = opened;
  return {
    ...{ number, shortDescription },
    link: id === null ? null : link(connectionId, { kind: 'case', id }),
    state: id !== null ? 'in-crm' : state === 'attention' ? 'attention' : 'on-its-way',
  };
}
