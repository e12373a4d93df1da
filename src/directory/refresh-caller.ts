import type { CrmConnection } from '../crm/port.ts';
import type { CrmRecord, RecordType } from '../crm/record.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { claimRefresh, noteMiss, noteRefreshed, openCaseIds, wasMissed } from './live-store.ts';
import type { MatchCandidate } from './match.ts';
import { readNumbers } from './number-row.ts';
import { numberVariants } from './number-variants.ts';
import type { OpenCrms } from './open-crms.ts';
import type { CallerNumber } from './phone-number.ts';
import { matchKey } from './renumbering.ts';
import { mirrorRow } from './mirror-row.ts';
import { findSyncState } from './sync-store.ts';
import { dropLive, writeLive } from './write-live.ts';

export interface RefreshDeps {
  db: Database;
  clock: Clock;
  log: Log;
  crms: OpenCrms;
  /** Tells everybody who shows the call that its caller is known better now. */
  callChanged(db: Database, organizationId: string, callId: string): Promise<void>;
}

/** What the desk found out about a call's other party. */
export interface CallerInQuestion {
  organizationId: string;
  callId: string;
  number: CallerNumber;
  candidates: readonly MatchCandidate[];
}

/** The CRM gets this long; a pop never waits for it. */
const deadlineMs = 10_000;
const missSeconds = 120;
/** Of so many candidates the best are asked for again. */
const candidatesAsked = 3;
const openCasesAtMost = 200;

/**
 * Asks the CRM live, once per call and by one node: for the candidates and their open cases as they are now, or, when
 * the mirror has nobody, for whoever has the number in any of its written forms. What comes back is stored, and the pop
 * changes in place. Returns at once; failures are logged and change nothing.
 */
export function callerRefresh(deps: RefreshDeps): (caller: CallerInQuestion) => void {
  // Every change of a call comes by here; the database need not hear of each.
  const asked = new Set<string>();
  return (caller) => {
    const { number, callId } = caller;
    if (number.anonymous || number.e164 === null || asked.has(callId)) return;
    asked.add(callId);
    if (asked.size > 10_000) for (const old of [...asked].slice(0, 5_000)) asked.delete(old);
    refresh(deps, caller, number.e164).catch((error: unknown) =>
      deps.log.info({ err: error, callId }, 'the caller could not be asked for live'),
    );
  };
}

async function refresh(deps: RefreshDeps, caller: CallerInQuestion, e164: string): Promise<void> {
  const { db, clock } = deps;
  const { organizationId, callId, candidates } = caller;
  const connections = await askable(db, organizationId);
  if (connections.length === 0) return;
  if (candidates.length === 0 && (await wasMissed(db, organizationId, e164))) return;
  if (!(await claimRefresh(db, organizationId, callId))) return;
  const signal = AbortSignal.timeout(deadlineMs);
  const asOf = clock.now();
  const answers = await Promise.allSettled(
    connections.map(async (connection) => {
      const crm = await deps.crms.get(connection);
      const place = { organizationId, connectionId: connection.id };
      const live = { db, crm, place, signal };
      const own = candidates.filter(({ connectionId }) => connectionId === connection.id);
      if (candidates.length === 0) return findLive(live, e164);
      for (const candidate of own.slice(0, candidatesAsked)) await readLive(live, candidate);
      return own.length > 0;
    }),
  );
  for (const answer of answers) {
    if (answer.status === 'rejected')
      deps.log.info({ err: answer.reason, callId }, 'the CRM did not tell about a caller in time');
  }
  const told = answers.some((answer) => answer.status === 'fulfilled' && answer.value);
  if (!told) {
    const sure = answers.every((answer) => answer.status === 'fulfilled');
    if (candidates.length === 0 && sure) await noteMiss(db, organizationId, e164, missSeconds);
    return;
  }
  await noteRefreshed(db, organizationId, callId, asOf);
  await deps.callChanged(db, organizationId, callId);
}

/** Not those that stopped, and not those whose last check failed: an account could be locked. */
async function askable(db: Database, organizationId: string): Promise<CheckedConnection[]> {
  const connections = await checkedConnections(db, organizationId);
  const open = await Promise.all(
    connections.map(async (connection) => {
      const state = await findSyncState(db, { organizationId, connectionId: connection.id });
      return connection.state !== 'failed' && state?.stopped_for !== connection.version;
    }),
  );
  return connections.filter((_, index) => open[index]);
}

interface Live {
  db: Database;
  crm: Pick<CrmConnection, 'findByNumbers' | 'read' | 'openCases'>;
  place: { organizationId: string; connectionId: string };
  signal: AbortSignal;
}

const options = ({ signal }: Live) => ({ signal, budgetMs: deadlineMs });

/** True when somebody has the number by our own reading of what is stored. */
async function findLive(live: Live, e164: string): Promise<boolean> {
  const { db, crm, place } = live;
  const found = await crm.findByNumbers(numberVariants(e164), options(live));
  const home = (await organizationById(db, place.organizationId))?.country ?? '';
  const hits = found.filter((record) => hasNumber(record, e164, home));
  if (hits.length === 0) return false;
  const customers = hits.flatMap((one) => ('customerId' in one ? (one.customerId ?? []) : []));
  const companies =
    customers.length === 0
      ? []
      : await crm.read('customer', [...new Set(customers)], options(live));
  await writeLive(db, place, [...hits, ...companies]);
  for (const hit of hits.slice(0, candidatesAsked)) await readCases(live, hit);
  return true;
}

function hasNumber(record: CrmRecord, e164: string, home: string): boolean {
  const row = mirrorRow(record);
  return (
    row !== null &&
    row.phones.some(({ raw }) =>
      readNumbers(raw, row.country, home).some((number) => number.e164 === matchKey(e164)),
    )
  );
}

async function readLive(live: Live, candidate: MatchCandidate): Promise<void> {
  const { db, crm, place } = live;
  const { kind, id } = candidate;
  const records = await crm.read(kind, [id], options(live));
  if (records.length === 0) await dropLive(db, place, kind, [id]);
  else await writeLive(db, place, records);
  await readCases(live, { type: kind, id });
}

/** Stores the open cases as they are, and what became of those that were open. */
async function readCases(live: Live, owner: { type: RecordType; id: string }): Promise<void> {
  const { db, crm, place } = live;
  const { type, id } = owner;
  if (type !== 'contact' && type !== 'consumer' && type !== 'customer') return;
  const open = await crm.openCases({ type, id }, options(live));
  await writeLive(db, place, open);
  if (open.length >= openCasesAtMost) return;
  const now = new Set(open.map((one) => one.id));
  const before = (await openCaseIds(db, place, owner)).filter((one) => !now.has(one));
  if (before.length === 0) return;
  const read = await crm.read('case', before, options(live));
  await writeLive(db, place, read);
  const there = new Set(read.map((one) => one.id));
  await dropLive(
    db,
    place,
    'case',
    before.filter((one) => !there.has(one)),
  );
}
