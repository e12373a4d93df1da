import { setConnectionState } from '../organization/connection-store.ts';
import type { OpenConnectionDeps } from '../organization/open-connection.ts';
import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import { RingsideError } from '../platform/errors.ts';
import { HubStopped } from '../platform/hub-stopped.ts';
import type { Log } from '../platform/log.ts';
import { conductCheck } from './conduct-check.ts';
import { openRunJournal } from './run-journal.ts';
import { cutShort, mayPass, noFindings, verdict, wasRefused } from './run.ts';
import type { Findings } from './run.ts';
import { finishRun, releaseRun } from './store.ts';
import type { StoredRun } from './store.ts';

export interface CheckRunnerDeps extends OpenConnectionDeps {
  log: Log;
  tellWebhooks: TellWebhooks;
}

/** Conducts runs in this process. Their rows say what goes on; a run whose process died shows by its silence. */
export interface CheckRunner {
  /** Returns at once; the promise it answers never rejects. The webhooks hear of a run by night that fails. */
  conduct(run: StoredRun): Promise<void>;
  /** Stops the run at once when it is conducted here; another hub notices within seconds by itself. */
  cancel(runId: string): void;
  /** Lets go of what runs, so that the next hub goes on with it, and waits for that. */
  stop(): Promise<void>;
}

/** Why a run was ended before its time: the reason that its signal carries. */
class RunStopped extends Error {
  readonly outcome: 'failed' | 'cancelled';

  constructor(outcome: 'failed' | 'cancelled', message: string) {
    super(message);
    this.name = 'RunStopped';
    this.outcome = outcome;
  }
}

const cancelled = () => new RunStopped('cancelled', 'Cancelled.');
const takenOver = () => new RunStopped('failed', 'The run was taken for dead and ended elsewhere.');

export function createCheckRunner(deps: CheckRunnerDeps): CheckRunner {
  const running = new Map<string, { abort: AbortController; ended: Promise<void> }>();

  return {
    conduct(run) {
      const abort = new AbortController();
      const ended: Promise<void> = conductRun(deps, run, abort)
        .catch((error: unknown) =>
          deps.log.error({ err: error, run: run.id }, 'a systems check could not be ended'),
        )
        .finally(() => running.delete(run.id));
      running.set(run.id, { abort, ended });
      return ended;
    },
    cancel: (runId) => running.get(runId)?.abort.abort(cancelled()),
    async stop() {
      const all = [...running.values()];
      for (const { abort } of all) abort.abort(new HubStopped());
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

async function conductRun(
  deps: CheckRunnerDeps,
  run: StoredRun,
  abort: AbortController,
): Promise<void> {
  const { db, log } = deps;
  const journal = openRunJournal(
    { db, log, onCancel: () => abort.abort(cancelled()), onGone: () => abort.abort(takenOver()) },
    run,
    run.takenOver === 0 ? run : noFindings(run.byNight),
  );
  let failure: unknown = null;
  try {
    await conductCheck(deps, run, journal, abort.signal);
  } catch (error) {
    failure = error;
    if (!abort.signal.aborted && !(error instanceof RingsideError)) {
      log.error({ err: error, run: run.id }, 'a systems check broke down');
    }
  }
  await journal.close();
  if (abort.signal.reason instanceof HubStopped) return releaseRun(db, run, journal.findings);
  const { status, findings } = endOf(journal.findings, failure, abort.signal);
  // The end of the run and the light of its connection are seen together.
  await db.transaction().execute(async (trx) => {
    if (!(await finishRun(trx, run, status, findings)) || status === 'cancelled') return;
    if (run.byNight && status === 'failed')
      await deps.tellWebhooks(trx, run.organizationId, 'check.failed', told(run, findings));
    if (run.byNight && status === 'failed' && mayPass(findings)) return;
    const state = ({ passed: 'ok', warned: 'warning', failed: 'failed' } as const)[status];
    const at = run.byNight && wasRefused(findings) ? null : new Date();
    await setConnectionState(trx, run.organizationId, run.connectionId, state, at);
  });
}

/** What a webhook hears: the steps that failed, with what is to be done. */
function told({ id, connectionId, platform }: StoredRun, { steps }: Findings) {
  const failed = steps
    .filter(({ status }) => status === 'fail')
    .map(({ title, code, detail, fix }) => ({ kind: 'connection', title, code, detail, fix }));
  return { check: { id, connection: { id: connectionId, platform }, failed } };
}

function endOf(
  found: Findings,
  failure: unknown,
  signal: AbortSignal,
): { status: ReturnType<typeof verdict> | 'cancelled'; findings: Findings } {
  const { steps, pulls, counts, oddities, caseRight } = found;
  const findings = { steps, pulls, counts, oddities, caseRight };
  if (signal.reason instanceof RunStopped) {
    const { outcome, message } = signal.reason;
    return { status: outcome, findings: cutShort(findings, message, outcome) };
  }
  if (failure === null) return { status: verdict(findings), findings };
  const known = failure instanceof RingsideError;
  const reason = known
    ? [failure.message, failure.fix].filter(Boolean).join(' ')
    : 'Something went wrong in Ringside itself; its log says what.';
  return { status: 'failed', findings: cutShort(findings, reason, 'failed') };
}
