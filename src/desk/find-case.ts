import { CrmError } from '../crm/crm-error.ts';
import { casesByNumber } from '../directory/case-store.ts';
import type { OpenCrms } from '../directory/open-crms.ts';
import { writeLive } from '../directory/write-live.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { readFacts } from './organization-facts.ts';
import type { FoundCases } from './work-contract.ts';
import { workCall } from './work-call.ts';
import { presentCase } from './work-view.ts';

export interface FindCaseDeps {
  db: Database;
  log: Log;
  crms: Pick<OpenCrms, 'get'>;
}

/** The CRM gets this long; the agent waits for it. */
const patienceMs = 6_000;

/**
 * Cases with exactly this number: of the mirror, else asked for live and stored there. Throws `plan-required`, `not-found`; a CRM that does
 * not answer is told in `problem`.
 */
export async function findCase(
  deps: FindCaseDeps,
  viewer: Viewer,
  callId: string,
  number: string,
): Promise<FoundCases> {
  const { db } = deps;
  const { organizationId } = viewer;
  await workCall(db, viewer, callId, 'cases');
  let cases = await casesByNumber(db, organizationId, number);
  let problem: string | null = null;
  if (cases.length === 0) {
    const connections = await checkedConnections(db, organizationId);
    const asked = await Promise.all(connections.map((one) => askFor(deps, one, number)));
    problem = asked.find((answer) => answer !== null) ?? null;
    cases = await casesByNumber(db, organizationId, number);
  }
  const { link } = await readFacts(db, organizationId);
  return {
    cases: cases.map((found) => presentCase(found, link)),
    problem: cases.length > 0 ? null : problem,
  };
}

/** Null when the CRM answered, whether or not it has the case; else why it did not. */
async function askFor(
  { db, log, crms }: FindCaseDeps,
  connection: CheckedConnection,
  number: string,
): Promise<string | null> {
  const place = { organizationId: connection.organizationId, connectionId: connection.id };
  try {
    const crm = await crms.get(connection);
    const found = await crm.caseByNumber(number, {
      budgetMs: patienceMs,
      signal: AbortSignal.timeout(patienceMs),
    });
    if (found !== null) await writeLive(db, place, [found]);
    return null;
  } catch (error) {
    log.info({ err: error, ...place }, 'a case could not be asked for');
    return error instanceof CrmError
      ? error.message
      : 'ServiceNow did not answer in time; only cases that Ringside already knows were searched.';
  }
}
