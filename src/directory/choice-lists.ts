import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '../crm/crm-error.ts';
import { choiceFields } from '../crm/record.ts';
import type { Choice, ChoiceField } from '../crm/record.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { choiceListsOf, saveChoiceList } from './choice-store.ts';
import type { OpenCrms } from './open-crms.ts';
import type { Place } from './record-store.ts';

export interface ChoiceListsDeps {
  db: Database;
  clock: Clock;
  log: Log;
  crms: Pick<OpenCrms, 'get'>;
}

/** What can be chosen for each field of a case; null for a list that was never read. */
export interface ChoiceLists {
  lists: Record<ChoiceField, Choice[] | null>;
  /** Why they may be old; null when they are as the CRM has them. */
  problem: string | null;
}

/** Lists this old are good; the CRM is not asked. */
const freshMs = 5 * 60_000;
/** Of lists that are not older than a day, newer ones are waited for no longer than this: the old ones are most likely right. */
const shortWaitMs = 1_000;
const usableMs = 24 * 60 * 60_000;
const patienceMs = 5_000;

/** Reads at once, by connection: many agents open the form together. */
const reading = new Map<string, Promise<string | null>>();

/**
 * The choice lists of a connection's cases, asked of the CRM when they are older than five minutes. It does not wait long for a CRM that is
 * slow: then, and without a CRM, the last known lists do.
 */
export async function choiceListsFor(deps: ChoiceListsDeps, place: Place): Promise<ChoiceLists> {
  const stored = await choiceListsOf(deps.db, place);
  const oldest = Math.min(...choiceFields.map((field) => readAt(field)?.getTime() ?? 0));
  function readAt(field: ChoiceField): Date | undefined {
    return stored.find((list) => list.field === field)?.readAt;
  }
  const age = deps.clock.now().getTime() - oldest;
  if (age < freshMs) return { lists: byField(stored), problem: null };
  const wait = new AbortController();
  const fresh = readOnce(deps, place).finally(() => wait.abort());
  if (age < usableMs) {
    await sleep(shortWaitMs, null, { signal: wait.signal }).catch(() => null);
    if (!wait.signal.aborted) return { lists: byField(stored), problem: null };
  }
  const problem = await fresh;
  return { lists: byField(await choiceListsOf(deps.db, place)), problem };
}

function byField(
  stored: { field: ChoiceField; choices: Choice[] }[],
): Record<ChoiceField, Choice[] | null> {
  const listOf = (field: ChoiceField) =>
    stored.find((list) => list.field === field)?.choices ?? null;
  return Object.fromEntries(choiceFields.map((field) => [field, listOf(field)])) as Record<
    ChoiceField,
    Choice[] | null
  >;
}

function readOnce(deps: ChoiceListsDeps, place: Place): Promise<string | null> {
  const key = `${place.organizationId} ${place.connectionId}`;
  const known = reading.get(key);
  if (known !== undefined) return known;
  const work = readAll(deps, place).finally(() => reading.delete(key));
  reading.set(key, work);
  return work;
}

/** Answers why lists could not be read; null when all were. */
async function readAll(deps: ChoiceListsDeps, place: Place): Promise<string | null> {
  const { db, clock, log, crms } = deps;
  const options = { budgetMs: patienceMs, signal: AbortSignal.timeout(patienceMs) };
  const now = clock.now();
  try {
    const connections = await checkedConnections(db, place.organizationId);
    const connection = connections.find(({ id }) => id === place.connectionId);
    if (connection === undefined) return 'This connection was not checked yet.';
    const crm = await crms.get(connection);
    const answers = await Promise.allSettled(
      choiceFields.map(async (field) => {
        const choices = await crm.choices(field, options);
        await saveChoiceList(db, place, { field, choices, readAt: now });
      }),
    );
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return null;
  } catch (error) {
    log.info({ err: error, ...place }, 'choice lists could not be read');
    return error instanceof CrmError ? error.message : 'ServiceNow did not answer in time.';
  }
}
