import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '../crm/crm-error.ts';
import type { OpenCrms } from '../directory/open-crms.ts';
import { checkedConnections } from '../organization/connection-store.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import { newId } from '../platform/id.ts';
import type { Notifier } from '../platform/notifier.ts';
import { outboxChannel } from './channel.ts';
import { deliverWrite } from './deliver-write.ts';
import type { DeliverDeps } from './deliver-write.ts';
import { holdSeconds, judge } from './outbox-failure.ts';
import type { Verdict } from './outbox-failure.ts';
import { claimWrites, leaseSeconds, releaseWrites, renewLeases } from './outbox-queue-store.ts';
import type { ClaimedWrite } from './outbox-queue-store.ts';
import {
  claimProbe,
  holdConnection,
  noteWorking,
  outboxState,
  placesWithWrites,
} from './outbox-state-store.ts';
import type { OutboxState } from './outbox-state-store.ts';
import { settleFailure } from './settle-failure.ts';

export interface OutboxPumpDeps extends DeliverDeps {
  notifier: Notifier;
  crms: Pick<OpenCrms, 'get'>;
}

const lookMs = 1_000;
const signOfLifeMs = 4_000;
/** Writes under way to a connection from one node; the client lets four requests through at a time, the mirror's too. */
const atOnce = 3;
const pingMs = 5_000;
/** When a node stops, what is under way gets this long. */
const farewellMs = 5_000;

/**
 * This node's part in delivering the outbox: it takes the next write of each lane, sends it, and says what became of it. Nodes share
 * the work by leases on single writes. While a connection fails nothing is sent to it: one node asks it now and then whether it is
 * back, lets one write through, and then all.
 */
export class OutboxPump {
  readonly #deps: OutboxPumpDeps;
  readonly #owner = newId();
  readonly #underWay = new Map<
    string,
    { connectionId: string; stop: AbortController; done: Promise<void> }
  >();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #unsubscribe: (() => void)[] = [];
  #closed = false;
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #aliveAt = performance.now();

  constructor(deps: OutboxPumpDeps) {
    this.#deps = deps;
    this.#timers.push(setInterval(() => this.look(), lookMs));
    this.#timers.push(setInterval(() => void this.#stayAlive(), signOfLifeMs));
    for (const timer of this.#timers) timer.unref();
    this.#unsubscribe.push(
      deps.notifier.subscribe(outboxChannel, () => this.look()),
      deps.notifier.onReconnect(() => this.look()),
    );
    this.look();
  }

  /** Looks for something to send; nothing happens while it is looking or after it was closed. */
  look(): void {
    if (this.#closed) return;
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = acrossOrganizations(() => this.#serveAll())
      .catch((error: unknown) =>
        this.#deps.log.warn({ err: error }, 'it cannot be seen what is to be sent'),
      )
      .finally(() => {
        this.#looking = null;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.look();
      });
  }

  /** Takes nothing more; what is under way gets a few seconds, then another node or the next start goes on with it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#unsubscribe) stop();
    await this.#looking;
    const all = Promise.all([...this.#underWay.values()].map(({ done }) => done));
    await Promise.race([all, sleep(farewellMs, undefined, { ref: false })]);
    for (const { stop } of this.#underWay.values()) stop.abort();
    await all;
    for (const timer of this.#timers) clearInterval(timer);
    const release = () => releaseWrites(this.#deps.db, this.#owner);
    await acrossOrganizations(release).catch(() => undefined);
  }

  async #serveAll(): Promise<void> {
    const { db } = this.#deps;
    const connections = new Map((await checkedConnections(db)).map((one) => [one.id, one]));
    const places = [...connections.values()].map(({ organizationId, id }) => ({
      organizationId,
      connectionId: id,
    }));
    for (const place of await placesWithWrites(db, places)) {
      const connection = connections.get(place.connectionId);
      if (connection !== undefined) await this.#serve(connection);
    }
  }

  async #serve(connection: CheckedConnection): Promise<void> {
    const { db, log } = this.#deps;
    const place = { organizationId: connection.organizationId, connectionId: connection.id };
    const busy = this.#underWayTo(connection.id);
    if (busy >= atOnce || this.#closed) return;
    const state = await outboxState(db, place);
    if (state.held || state.stoppedFor === connection.version) return;
    const failing = state.failures > 0;
    if (failing) {
      if (busy > 0 || !(await claimProbe(db, place, leaseSeconds + pingMs / 1000))) return;
      const probe = inOrganization(connection.organizationId, () => this.#probe(connection, state));
      void probe.catch((error: unknown) =>
        log.warn({ err: error, connectionId: connection.id }, 'a probe failed'),
      );
      return;
    }
    await this.#send(connection, state, atOnce - busy);
  }

  /** Does the connection work again? Then one write is let through, and its success lets all the others. */
  async #probe(connection: CheckedConnection, state: OutboxState): Promise<void> {
    const { db, crms } = this.#deps;
    try {
      const crm = await crms.get(connection);
      await crm.ping({ budgetMs: pingMs });
    } catch (error) {
      await this.#hold(connection, state, judge(error, new Date()));
      return;
    }
    // Without a write to try it with, whatever comes next may go.
    if ((await this.#send(connection, state, 1)) > 0) return;
    await noteWorking(
      db,
      { organizationId: connection.organizationId, connectionId: connection.id },
      true,
    );
  }

  async #send(connection: CheckedConnection, state: OutboxState, most: number): Promise<number> {
    const place = { organizationId: connection.organizationId, connectionId: connection.id };
    const claim = { owner: this.#owner, most, atOnce: state.failures > 0 };
    const writes = await claimWrites(this.#deps.db, place, claim);
    for (const write of writes) {
      const stop = new AbortController();
      const done = inOrganization(write.organizationId, () =>
        this.#deliver(connection, state, write, stop.signal),
      )
        .catch((error: unknown) =>
          this.#deps.log.error({ err: error, writeId: write.id }, 'a delivery broke down'),
        )
        .finally(() => {
          this.#underWay.delete(write.id);
          this.look();
        });
      this.#underWay.set(write.id, { connectionId: connection.id, stop, done });
    }
    return writes.length;
  }

  async #deliver(
    connection: CheckedConnection,
    state: OutboxState,
    write: ClaimedWrite,
    signal: AbortSignal,
  ): Promise<void> {
    const { db, crms, log } = this.#deps;
    const sentAt = new Date();
    try {
      const crm = await crms.get(connection);
      await deliverWrite(this.#deps, crm, write, { signal, wasFailing: state.failures > 0 });
      log.info({ ...traceOf(write), ms: Date.now() - sentAt.getTime() }, 'written to the CRM');
    } catch (error) {
      // The lease is lost, or the node stops: whoever goes on looks it up first.
      if (signal.aborted) return;
      const verdict = judge(error, sentAt);
      if (verdict.trouble.code === 'internal')
        log.error({ err: error, writeId: write.id }, 'a write failed');
      const { trouble, next } = verdict;
      log.info({ ...traceOf(write), code: trouble.code, next }, 'not written to the CRM');
      await settleFailure(db, write, verdict, state);
      if (verdict.next === 'hold') await this.#hold(connection, state, verdict);
      // It said no, but it spoke.
      else if (error instanceof CrmError && state.failures > 0) await noteWorking(db, write, true);
    }
  }

  async #hold(
    connection: CheckedConnection,
    state: OutboxState,
    { trouble, retryAfter, signIn }: Verdict,
  ): Promise<void> {
    const { db, crms } = this.#deps;
    const place = { organizationId: connection.organizationId, connectionId: connection.id };
    const crm = await crms.get(connection).catch(() => null);
    // Two refusals lock no account; a third might. After a check that failed one is enough.
    const again = state.code === 'unauthorized' || state.code === 'mfa-required';
    const stop = signIn && (crm?.stopped() === true || again || connection.state === 'failed');
    await holdConnection(db, place, {
      after: state.failures,
      seconds: retryAfter ?? holdSeconds(state.failures, Math.random()),
      trouble,
      stoppedFor: stop ? connection.version : null,
    });
  }

  #underWayTo(connectionId: string): number {
    return [...this.#underWay.values()].filter((one) => one.connectionId === connectionId).length;
  }

  /** Writes whose lease is lost are given up before anybody else may begin with them. */
  async #stayAlive(): Promise<void> {
    if (this.#underWay.size === 0) {
      this.#aliveAt = performance.now();
      return;
    }
    try {
      const before = new Set(this.#underWay.keys());
      const kept = await acrossOrganizations(() => renewLeases(this.#deps.db, this.#owner));
      this.#aliveAt = performance.now();
      for (const id of before) if (!kept.has(id)) this.#underWay.get(id)?.stop.abort();
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the outbox gave no sign of life');
      if (performance.now() - this.#aliveAt < (leaseSeconds * 1000) / 2) return;
      for (const { stop } of this.#underWay.values()) stop.abort();
    }
  }
}

/** What tells a write apart in the log; neither its text nor whom it is about. */
function traceOf({ organizationId, connectionId, callId, id, action }: ClaimedWrite) {
  return { organizationId, connectionId, callId, writeId: id, kind: action.kind };
}
