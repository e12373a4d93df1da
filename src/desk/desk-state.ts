import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { isUp, linksOf, lostLinksOf } from '../calls/phone-link-store.ts';
import { callsByIds, recentCallsOfExtension } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import type { ReachablePerson } from '../organization/person-store.ts';
import { viewCall } from './call-view.ts';
import { endedPopMinutes } from './contract.ts';
import type { DeskState, Pop } from './contract.ts';
import { partOf } from './part.ts';
import type { Part } from './part.ts';
import { blockOf, isFresh, keepLatest } from './pop.ts';
import { readFacts } from './organization-facts.ts';
import type { FactsOf, OrganizationFacts } from './organization-facts.ts';
import { dismissedCalls } from './store.ts';
import { wrapUpRules } from './work-view.ts';
import { openWrapUps } from './wrap-up-store.ts';

export interface DeskStateDeps {
  db: Database;
  clock: Clock;
  factsOf?: FactsOf;
}

/** Everything on a person's Desk, worked out of the tables: what a reload, another tab and a new line begin with. */
export async function deskState(
  deps: DeskStateDeps,
  organizationId: string,
  person: ReachablePerson,
): Promise<DeskState> {
  const { db, clock } = deps;
  const now = clock.now();
  const blocked = blockOf(person);
  const { extension } = person;
  if (blocked !== null || extension === null)
    return { pops: [], blocked, ...noLinks, now: now.toISOString() };
  const since = new Date(now.getTime() - endedPopMinutes * 60_000);
  const recent = await recentCallsOfExtension(db, organizationId, extension, since);
  const facts = (deps.factsOf ?? ((id) => readFacts(db, id)))(organizationId);
  const { codes } = wrapUpRules((await facts).handling, person.plan);
  const open = await openWrapUps(db, organizationId, person.id, codes.length > 0);
  const calls = [...recent, ...(await missingCalls(db, organizationId, open, recent))];
  const ids = calls.map((call) => call.id);
  const dismissed = await dismissedCalls(db, organizationId, person.id, ids);
  const shown = calls.flatMap((call) => {
    const part = partOf(call, extension);
    const kept = open.includes(call.id);
    return isShown(part) && (kept || isFresh(call, part, now)) ? [{ call, part, kept }] : [];
  });
  // One that is dismissed does not make room for an older one that was gone already.
  const left = keepLatest(shown).filter(
    ({ call, part }) => part.state !== 'ended' || !dismissed.has(call.id),
  );
  return {
    pops: await popsOf(deps, facts, extension, left),
    blocked,
    ...(await linkFacts(db, organizationId)),
    now: clock.now().toISOString(),
  };
}

/** Calls in wrap-up that are no longer among the recent ones. */
async function missingCalls(
  db: Database,
  organizationId: string,
  ids: readonly string[],
  known: readonly StoredCall[],
): Promise<StoredCall[]> {
  const wanted = ids.filter((id) => known.every((call) => call.id !== id));
  const calls = await callsByIds(db, organizationId, wanted);
  return calls.filter((call) => call.mergedInto === null);
}

async function popsOf(
  { db }: DeskStateDeps,
  facts: Promise<OrganizationFacts>,
  extension: string,
  shown: { call: StoredCall; part: Part & { kind: 'shown' } }[],
): Promise<Pop[]> {
  return Promise.all(
    shown.map(({ call, part }) => viewCall(db, call, () => facts).popFor(extension, part)),
  );
}

function isShown(part: Part | null): part is Part & { kind: 'shown' } {
  return part?.kind === 'shown';
}

const noLinks = { phoneLinks: [], canCall: false };

/** What the Desk says of phone systems that Ringside connects to. */
async function linkFacts(
  db: Database,
  organizationId: string,
): Promise<Pick<DeskState, 'phoneLinks' | 'canCall'>> {
  const links = await linksOf(db, organizationId);
  if (links.length === 0) return noLinks;
  const lost = await lostLinksOf(db, organizationId);
  return {
    phoneLinks: lost.map(({ name, since }) => ({ name, since: since.toISOString() })),
    canCall: links.some(isUp),
  };
}
