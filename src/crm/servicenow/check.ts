import { checkStepIds, checkStepTitles } from '../check-step.ts';
import { CrmError } from '../crm-error.ts';
import type { CheckProgress, CheckStepId } from '../check-step.ts';
import type { Settings } from '../port.ts';
import { failed, skip } from './check-outcome.ts';
import type { Outcome } from './check-outcome.ts';
import { checkQuerySafety } from './check-query.ts';
import {
  checkCsm,
  checkDetailsLink,
  checkReachable,
  checkSignIn,
  checkUrl,
} from './check-sign-in.ts';
import { checkCases, checkContacts, checkCustomers, checkUsers } from './check-table.ts';
import type { TableFinding } from './check-table.ts';
import type { Client } from './client.ts';
import { createPatience, quick } from './patience.ts';
import type { Patience } from './patience.ts';
import type { CallOptions } from './table-api.ts';
import { customerAccount, customerCase, customerContact, sysUser } from './tables.ts';
import type { Table } from './tables.ts';

const network: CheckStepId[] = checkStepIds.filter((id) => id !== 'url' && id !== 'details-link');

/**
 * The Systems Check: ten steps in order. A step that a failure made pointless is skipped. Never waits out a long
 * Retry-After, never sends a refused password more than twice, never shows the password.
 */
export async function* runCheck(
  settings: Settings,
  open: () => Client,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckProgress, void, void> {
  const run = createRun(settings, open, signal);
  for (const id of checkStepIds) {
    signal?.throwIfAborted();
    const title = checkStepTitles[id];
    yield { type: 'started', id, title };
    const begin = performance.now();
    const outcome = await run.step(id);
    const ms = Math.round(performance.now() - begin);
    run.finished(id, outcome);
    const { status, code, detail, fix, count } = outcome;
    yield {
      type: 'finished',
      step: { id, title, status, code, detail, fix, ms },
      count: count ?? null,
    };
  }
}

type TableCheck = (client: Client, call: CallOptions) => Promise<TableFinding>;

/** What one step learns for the later ones. */
function createRun(settings: Settings, open: () => Client, signal: AbortSignal | undefined) {
  const blocked = new Map<CheckStepId, string>();
  const patience = createPatience();
  const client = (): Client => patience.limit(open());
  const call: CallOptions = { policy: quick, signal };
  let searchable: Table | null = null;

  const look = async (table: Table, check: TableCheck): Promise<Outcome> => {
    const finding = await check(client(), call);
    // Searches are tried where calls are matched, if that table has rows, else on any that has.
    if (finding.hasRows && (searchable === null || table === customerContact)) searchable = table;
    return finding.outcome;
  };

  const steps: Record<CheckStepId, () => Outcome | Promise<Outcome>> = {
    url: () => checkUrl(settings),
    reachable: () => checkReachable(client(), call),
    'signed-in': () => checkSignIn(client(), settings['username'] ?? '', call),
    'csm-active': () => checkCsm(client(), call),
    users: () => look(sysUser, checkUsers),
    customers: () => look(customerAccount, checkCustomers),
    contacts: () => look(customerContact, checkContacts),
    cases: () => look(customerCase, checkCases),
    'query-safety': () => checkQuerySafety(client(), searchable, call),
    'details-link': () => checkDetailsLink(settings),
  };

  const block = (ids: readonly CheckStepId[], reason: string): void => {
    for (const id of ids) if (!blocked.has(id)) blocked.set(id, reason);
  };

  return {
    async step(id: CheckStepId): Promise<Outcome> {
      const reason = blocked.get(id);
      if (reason !== undefined) return skip(reason);
      try {
        return await steps[id]();
      } catch (error) {
        if (signal?.aborted || !(error instanceof CrmError)) throw error;
        return failed(error);
      }
    },

    finished(id: CheckStepId, outcome: Outcome): void {
      if (outcome.status === 'fail') {
        const reason = `Not tried, because this failed: ${checkStepTitles[id]}.`;
        if (id === 'url' || id === 'reachable' || id === 'signed-in') block(network, reason);
        block(outcome.blocks ?? [], reason);
      }
      const silence = blocked.has('query-safety') ? null : reasonForSilence(patience, open());
      if (silence !== null) block(network, silence);
    },
  };
}

/** Why nothing more should be asked of the instance; null when it may. */
function reasonForSilence(patience: Patience, client: Client): string | null {
  if (patience.spent()) return 'Not tried, because the instance has stopped answering.';
  if (client.locked()) {
    return 'Not tried, because a further refused sign-in could lock the account in ServiceNow.';
  }
  const seconds = client.pausedFor();
  return seconds === 0 ? null : `Not tried, because the instance asked to wait ${seconds} s.`;
}
