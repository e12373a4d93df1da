import { CrmError } from '../crm/crm-error.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { HubStopped } from '../platform/hub-stopped.ts';
import type { Log } from '../platform/log.ts';
import { deleteOldRefreshes } from './live-store.ts';
import type { OpenCrms } from './open-crms.ts';
import { afterFailure, syncDirectory } from './sync-directory.ts';
import { dueConnections, saveSync, scheduleNext, syncState } from './sync-store.ts';
import type { SyncState } from './sync-store.ts';

export interface MirrorKeeperDeps {
  db: Database;
  clock: Clock;
  log: Log;
  crms: OpenCrms;
  /** Told when a round brought changes of an organization's records. */
  mirrorChanged(organizationId: string): Promise<void>;
}

const lookMs = 1_000;
const atOnce = 4;
const takenOverSeconds = 5;
const tidyMs = 3_600_000;

/**
 * This node's part in keeping the mirror fresh: it looks which connections are due and gives each its round, a few at
 * once. Nodes share the work by the lease that each round takes.
 */
export class MirrorKeeper {
  readonly #deps: MirrorKeeperDeps;
  readonly #rounds = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | null = null;
  #tidiedAt = 0;

  constructor(deps: MirrorKeeperDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#timer.unref();
  }

  /** Gives up what runs; the next round, anywhere, goes on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort(new HubStopped());
    await this.#looking;
    await Promise.all(this.#rounds.values());
  }

  #look(): void {
    if (this.#looking !== null || this.#stop.signal.aborted) return;
    this.#looking = this.#startDue()
      .catch((error: unknown) =>
        this.#deps.log.warn({ err: error }, 'it cannot be seen what is to be synchronized'),
      )
      .finally(() => (this.#looking = null));
  }

  async #startDue(): Promise<void> {
    const { db, crms } = this.#deps;
    const connections = await checkedConnections(db);
    crms.keep(connections);
    if (Date.now() - this.#tidiedAt > tidyMs) {
      this.#tidiedAt = Date.now();
      await deleteOldRefreshes(db);
    }
    for (const connection of await dueConnections(db, connections)) {
      if (this.#rounds.size >= atOnce) return;
      if (this.#rounds.has(connection.id) || this.#stop.signal.aborted) continue;
      const round = inOrganization(connection.organizationId, () => this.#round(connection))
        .catch((error: unknown) =>
          this.#deps.log.error({ err: error, connectionId: connection.id }, 'a round broke down'),
        )
        .finally(() => this.#rounds.delete(connection.id));
      this.#rounds.set(connection.id, round);
    }
  }

  async #round(connection: CheckedConnection): Promise<void> {
    const { db, clock, crms, mirrorChanged } = this.#deps;
    const { signal } = this.#stop;
    const onChanges = () => mirrorChanged(connection.organizationId);
    const place = { organizationId: connection.organizationId, connectionId: connection.id };
    const due = await syncState(db, place);
    try {
      const crm = await crms.get(connection);
      await syncDirectory({ db, clock, crm, signal, onChanges }, connection);
    } catch (error) {
      if (!signal.aborted) await this.#failed(connection, due, error);
    }
  }

  async #failed(connection: CheckedConnection, due: SyncState, error: unknown): Promise<void> {
    const { db, clock, log } = this.#deps;
    const place = { organizationId: connection.organizationId, connectionId: connection.id };
    const known = error instanceof CrmError || error instanceof RingsideError;
    if (!known) log.error({ err: error, connectionId: connection.id }, 'a round failed');
    // Taken over by a pull: nothing is wrong.
    if (error instanceof RingsideError) return scheduleNext(db, place, due, takenOverSeconds);
    const state = await syncState(db, place);
    const { waitSeconds, stop } = afterFailure(error, state, connection);
    await saveSync(db, place, {
      failures: state.failures + 1,
      error_code: error instanceof CrmError ? error.code : 'internal',
      error_message:
        error instanceof CrmError ? error.message : 'Something went wrong in Ringside itself.',
      error_fix: error instanceof CrmError ? error.fix : 'The log of the hub says what.',
      error_at: clock.now(),
      ...(stop ? { stopped_for: connection.version } : {}),
    });
    await scheduleNext(db, place, due, waitSeconds);
  }
}
