import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import { RingsideError } from '../platform/errors.ts';
import { HubStopped } from '../platform/hub-stopped.ts';
import type { Log } from '../platform/log.ts';
import { houseParts } from './conduct-house-check.ts';
import type { HouseDeps, HousePart } from './conduct-house-check.ts';
import type { HouseStep } from './house-contract.ts';
import { dropHouseRun, finishHouseRun, saveHouseSteps } from './house-store.ts';
import { failed, houseVerdict } from './house.ts';
import type { RunKey } from './store.ts';

/** Conducts checks of the house in this process; they take seconds. */
export interface HouseRunner {
  /** Returns at once; the promise it answers never rejects. The webhooks hear of an `unattended` run that fails. */
  conduct(run: RunKey, options?: { unattended: boolean }): Promise<void>;
  /** Ends what runs here, as if it had not begun, and waits for that. */
  stop(): Promise<void>;
}

export interface HouseRunnerDeps extends HouseDeps {
  log: Log;
  tellWebhooks: TellWebhooks;
}

export function createHouseRunner(deps: HouseRunnerDeps): HouseRunner {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    conduct(run, { unattended } = { unattended: false }) {
      const ended: Promise<void> = conductParts(deps, run, unattended, stopping.signal)
        .catch((error: unknown) =>
          deps.log.error({ err: error, run: run.id }, 'a check of the house could not be ended'),
        )
        .finally(() => running.delete(ended));
      running.add(ended);
      return ended;
    },
    async stop() {
      stopping.abort(new HubStopped());
      await Promise.all(running);
    },
  };
}

/** What a run begins with: every part waits. */
export function waitingSteps(): HouseStep[] {
  return houseParts.map((part) => placeOf(part, 'waiting'));
}

function placeOf({ id, title }: HousePart, status: 'waiting' | 'running'): HouseStep {
  return { id, kind: id, title, status, code: null, detail: '', fix: null, ms: null };
}

async function conductParts(
  deps: HouseRunnerDeps,
  key: RunKey,
  unattended: boolean,
  signal: AbortSignal,
): Promise<void> {
  const found: HouseStep[] = [];
  for (const [at, part] of houseParts.entries()) {
    const later = houseParts.slice(at + 1).map((one) => placeOf(one, 'waiting'));
    await saveHouseSteps(deps.db, key, [...found, placeOf(part, 'running'), ...later]);
    try {
      found.push(...(await part.look(deps, key, signal)));
    } catch (error) {
      if (signal.aborted) return dropHouseRun(deps.db, key);
      found.push(broken(part, error, deps.log));
    }
  }
  await deps.db.transaction().execute(async (trx) => {
    const status = houseVerdict(found);
    const ours = await finishHouseRun(trx, key, status, found);
    if (ours && unattended && status === 'failed')
      await deps.tellWebhooks(trx, key.organizationId, 'check.failed', { check: told(key, found) });
  });
}

/** What a webhook hears: the steps that failed, with what is to be done. */
function told({ id }: RunKey, found: readonly HouseStep[]) {
  const steps = found
    .filter(({ status }) => status === 'fail')
    .map(({ kind, title, code, detail, fix }) => ({ kind, title, code, detail, fix }));
  return { id, failed: steps };
}

function broken({ id, title }: HousePart, error: unknown, log: Log): HouseStep {
  const known = error instanceof RingsideError;
  if (!known) log.error({ err: error, part: id }, 'a part of the check of the house broke down');
  const outcome = known
    ? failed('fault', error.message, error.fix ?? null)
    : failed('fault', 'Something went wrong in Ringside itself; its log says what.', null);
  return { id, kind: id, title, ...outcome };
}
