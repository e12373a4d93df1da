import { callsByIds, runningCalls } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { requireFeature } from '../organization/features.ts';
import { requireOrganizationFeature } from '../organization/organization-features.ts';
import { organizationById } from '../organization/organization-store.ts';
import { includesRole } from '../organization/plan.ts';
import { membersOfTeam } from '../organization/team-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { listCalls } from './call-list-store.ts';
import type { CallFilter, CallPlace } from './call-list-store.ts';
import type { CallPage, CallQuery, CallScope } from './contract.ts';
import { numberFrom, partyFilter, wholeNumber } from './party-filter.ts';
import { presentCalls } from './present-call.ts';
import { reachOf, reaches } from './reach.ts';

export interface ReportDeps {
  db: Database;
  clock: Clock;
}

const pageSize = 50;
const runningShown = 50;

/** Throws `plan-required` for an agent whose plan has no history. Who supervises looks into calls without a plan of their own. */
export function requireHistory(viewer: Viewer): void {
  if (!includesRole(viewer.role, 'supervisor')) requireFeature(viewer, 'history');
}

/** A page of the calls that the viewer may see and asks for, the newest first; those that are up before all on the first. */
export async function pageOfCalls(
  deps: ReportDeps,
  viewer: Viewer,
  query: CallQuery,
): Promise<CallPage> {
  requireHistory(viewer);
  const { db } = deps;
  const { organizationId } = viewer;
  const { filter, scope, country, extensions } = await filterOf(deps, viewer, query);
  const after = query.after === undefined ? null : placeOf(query.after);
  const places = await listCalls(db, organizationId, filter, after, pageSize + 1);
  const shown = places.slice(0, pageSize);
  const last = places.length > pageSize ? shown.at(-1) : undefined;
  const running =
    after === null ? await runningOf(db, viewer, { filter, extensions }, query, country) : [];
  return {
    scope,
    running: await presentCalls(deps, organizationId, running, country),
    calls: await presentCalls(
      deps,
      organizationId,
      await inOrder(db, organizationId, shown),
      country,
    ),
    next: last === undefined ? null : `${last.startedAt.toISOString()}_${last.callId}`,
  };
}

/** What a query asks for, within what the viewer may see. */
export async function filterOf(
  deps: ReportDeps,
  viewer: Viewer,
  query: CallQuery,
): Promise<{
  filter: CallFilter;
  scope: CallScope;
  country: string;
  /** Phones of those whose calls the viewer sees, as they are now. */
  extensions: ReadonlySet<string>;
}> {
  const { db } = deps;
  const { organizationId } = viewer;
  const { scope, reach, extensions } = await reachOf(deps, viewer, query.scope);
  const country = (await organizationById(db, organizationId))?.country ?? 'US';
  const time = (text: string | undefined) => (text === undefined ? null : new Date(text));
  const filter = {
    reach,
    direction: query.direction ?? null,
    results: query.results,
    queue: query.queue ?? null,
    personIds: await peopleAskedFor(db, organizationId, query),
    party: await partyFilter(db, organizationId, query.q, country, viewer.numbersMasked),
    from: time(query.from),
    to: time(query.to),
  };
  return { filter, scope, country, extensions };
}

/** The people of a person's and a team's filter; both: whoever is asked for and in the team. Throws `plan-required` for a team. */
async function peopleAskedFor(
  db: Database,
  organizationId: string,
  { personId, teamId }: CallQuery,
): Promise<string[] | null> {
  if (teamId === undefined) return personId === undefined ? null : [personId];
  await requireOrganizationFeature(db, organizationId, 'teams');
  const members = await membersOfTeam(db, organizationId, teamId);
  return personId === undefined ? members : members.filter((id) => id === personId);
}

/** The calls of a page. One that was merged away since its place was read is left out. */
export async function inOrder(
  db: Database,
  organizationId: string,
  places: readonly CallPlace[],
): Promise<StoredCall[]> {
  const calls = await callsByIds(
    db,
    organizationId,
    places.map(({ callId }) => callId),
  );
  const byId = new Map(calls.map((call) => [call.id, call]));
  return places.flatMap(({ callId }) => byId.get(callId) ?? []);
}

/** A result or a name is only known of calls that are over. */
async function runningOf(
  db: Database,
  viewer: Viewer,
  { filter, extensions }: { filter: CallFilter; extensions: ReadonlySet<string> },
  { q }: CallQuery,
  country: string,
): Promise<StoredCall[]> {
  const { direction, queue, results, personIds, from, to } = filter;
  const masked = viewer.numbersMasked;
  const number = q === '' ? '' : (masked ? wholeNumber : numberFrom)(q, country);
  if (results.length > 0 || personIds !== null || number === null) return [];
  const calls = await runningCalls(db, viewer.organizationId);
  return calls
    .filter(
      (call) =>
        reaches(filter.reach, call, extensions) &&
        (direction === null || call.direction === direction) &&
        (queue === null || call.queue === queue) &&
        (from === null || call.startedAt >= from) &&
        (to === null || call.startedAt < to) &&
        (q === '' || isWith(call, number, country, masked)),
    )
    .slice(0, runningShown);
}

function isWith(
  { from, to }: StoredCall,
  number: string,
  country: string,
  whole: boolean,
): boolean {
  return [from, to].some((party) => {
    const own = numberFrom(party ?? '', country) ?? '';
    return own !== '' && (whole ? own === number : own.startsWith(number));
  });
}

function placeOf(cursor: string): CallPlace {
  const [, at = '', callId = ''] =
    /^(.+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  const startedAt = new Date(at);
  if (!Number.isNaN(startedAt.getTime())) return { startedAt, callId };
  throw new RingsideError('invalid-input', 'This is not the place of a page.', {
    fix: 'Begin with the first page again.',
    fields: [{ field: 'after', message: 'Take it from `next` of the page before.' }],
  });
}
