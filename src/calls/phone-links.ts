import { isDeepStrictEqual } from 'node:util';
import { linkedPhoneSystems, openPhoneSecrets } from '../organization/phone-system-store.ts';
import type { LinkedPhoneSystem } from '../organization/phone-system-store.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { newId } from '../platform/id.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import type { PhoneLink } from '../telephony/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { CallDeps } from './book-events.ts';
import { createEventRate } from './event-rate.ts';
import { gatherEvents } from './gather-events.ts';
import type { ReceiveEvents } from './gather-events.ts';
import { holdLease, releaseLease, saveLink } from './phone-link-store.ts';
import type { LinkKey } from './phone-link-store.ts';
import { deleteOldOrders, finishOrder, takeOrders } from './phone-order-store.ts';
import type { OrderResult, PhoneOrder } from './phone-order-store.ts';
import { orderDoneChannel, ordersChannel } from './place-call.ts';

/** Told whenever a link is lost or back: `{ organizationId }`. */
const linksChannel = 'phone-links';

export interface PhoneLinksDeps extends CallDeps {
  secretBox: SecretBox;
}

/** A lease is renewed this often, so that it bridges two renewals that fail, and a dead node is replaced within 10 s. */
const renewMs = 2_000;
const leaseSeconds = 7;
const orderAgeMs = 30_000;

interface OpenLink {
  system: LinkedPhoneSystem;
  link: PhoneLink;
  /** Tells the store what changes from second to second. */
  saveRate(): Promise<void>;
  heldAt: number;
}

/**
 * This node's part in the links to phone systems: it tries for the lease of each, opens those that it got, closes those that it lost
 * or that were changed, and places the calls that agents ask for on any node.
 */
export class PhoneLinks {
  readonly #deps: PhoneLinksDeps;
  readonly #node = newId();
  readonly #receive: ReceiveEvents;
  readonly #open = new Map<string, OpenLink>();
  readonly #stop: (() => void)[] = [];
  #round: Promise<void> = Promise.resolve();
  #busy = false;
  #closed = false;

  constructor(deps: PhoneLinksDeps) {
    this.#deps = deps;
    this.#receive = gatherEvents(deps);
    const timer = setInterval(() => this.#renew(), renewMs);
    this.#stop.push(
      () => clearInterval(timer),
      deps.notifier.subscribe(ordersChannel, (payload) => {
        const { organizationId, phoneSystemId } = payload as LinkKey;
        const open = this.#open.get(phoneSystemId);
        if (open?.system.organizationId === organizationId)
          this.#guard(inOrganization(organizationId, () => this.#placeOrders(open)));
      }),
    );
    this.#renew();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stop) stop();
    await this.#round;
    for (const open of [...this.#open.values()]) {
      const { system } = open;
      await this.#shut(open);
      await inOrganization(system.organizationId, () =>
        releaseLease(this.#deps.db, keyOf(system), this.#node),
      ).catch(() => undefined);
    }
  }

  #renew(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#round = this.#renewAll()
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, 'the leases of phone systems could not be renewed');
        return this.#dropStale();
      })
      .finally(() => (this.#busy = false));
  }

  async #renewAll(): Promise<void> {
    if (this.#closed) return;
    const { db, clock, log } = this.#deps;
    const systems = await linkedPhoneSystems(db);
    for (const open of [...this.#open.values()])
      if (!systems.some((system) => isSame(system, open.system))) await this.#shut(open);
    for (const system of systems) {
      await inOrganization(system.organizationId, () => this.#renewOne(system)).catch(
        (error: unknown) =>
          log.warn({ err: error, phoneSystemId: system.id }, 'a phone system cannot be linked'),
      );
    }
    await deleteOldOrders(db, new Date(clock.now().getTime() - 3_600_000));
  }

  async #renewOne(system: LinkedPhoneSystem): Promise<void> {
    const held = await holdLease(this.#deps.db, keyOf(system), this.#node, leaseSeconds);
    const open = this.#open.get(system.id);
    if (!open) {
      if (held) this.#connect(system);
      return;
    }
    if (!held) return this.#shut(open);
    open.heldAt = Date.now();
    await open.saveRate();
    await this.#placeOrders(open);
  }

  /** While the database is away another node may have taken over. */
  async #dropStale(): Promise<void> {
    for (const open of [...this.#open.values()])
      if (Date.now() - open.heldAt > leaseSeconds * 1000) await this.#shut(open);
  }

  #connect(system: LinkedPhoneSystem): void {
    const { db, clock, log, notifier, secretBox } = this.#deps;
    const kind = phoneSystemKind(system.kind)?.link;
    if (!kind) return;
    const key = keyOf(system);
    const rate = createEventRate();
    let lastEventAt: Date | null = null;
    let lost = false;
    /** Inside one transaction with the notice, so that a Desk that hears it reads the new state. */
    const save = (state: Parameters<typeof saveLink>[3]) =>
      inOrganization(key.organizationId, () =>
        db.transaction().execute(async (trx) => {
          await saveLink(trx, key, this.#node, state);
          await notifier.publish(trx, linksChannel, { organizationId: key.organizationId });
        }),
      );
    const link = kind.open(system.settings, openPhoneSecrets(secretBox, system), {
      events: (events, count) => {
        const now = clock.now();
        if (count > 0) {
          lastEventAt = now;
          rate.add(count, now.getTime());
        }
        // A failure reaches the link, which then begins anew with a snapshot.
        return this.#receive(key, events);
      },
      up: async ({ extensions, warnings }) => {
        log.info({ ...key, extensions: extensions.length, warnings }, 'phone system connected');
        lost = false;
        const connectedSince = clock.now();
        await save({ connectedSince, lostSince: null, lost: null, extensions, warnings });
      },
      down: async ({ code, message: reason, fix, cause }) => {
        // Refusals and silence are everyday; only what failed in Ringside itself has a trace worth reading.
        const trace = code === 'failed' ? { err: cause } : {};
        log.warn({ ...key, code, reason, ...trace }, 'phone system not connected');
        const since = lost ? {} : { lostSince: clock.now(), connectedSince: null };
        lost = true;
        await save({ ...since, lost: { code, reason, fix } }).catch((error: unknown) =>
          log.warn({ err: error }, 'the loss of a phone system could not be noted'),
        );
      },
    });
    const saveRate = async () => {
      const eventsPerMinute = rate.perMinute(clock.now().getTime());
      const known = lastEventAt === null ? {} : { lastEventAt };
      await saveLink(db, key, this.#node, { ...known, eventsPerMinute });
    };
    this.#open.set(system.id, { system, link, saveRate, heldAt: Date.now() });
  }

  async #shut(open: OpenLink): Promise<void> {
    this.#open.delete(open.system.id);
    await open.link.close();
  }

  async #placeOrders(open: OpenLink): Promise<void> {
    const { db, clock } = this.#deps;
    const since = new Date(clock.now().getTime() - orderAgeMs);
    for (const order of await takeOrders(db, keyOf(open.system), since))
      this.#guard(this.#place(open.link, order));
  }

  async #place(link: PhoneLink, order: PhoneOrder): Promise<void> {
    const { db, notifier } = this.#deps;
    const result = await originate(link, order);
    await db.transaction().execute(async (trx) => {
      await finishOrder(trx, order, result);
      const { organizationId, id } = order;
      await notifier.publish(trx, orderDoneChannel, { organizationId, id });
    });
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.error({ err: error }, 'a call was not placed'));
  }
}

async function originate(link: PhoneLink, order: PhoneOrder): Promise<OrderResult> {
  const unable = {
    message: 'This phone system cannot place calls for Ringside.',
    fix: 'Dial on your phone.',
  };
  if (!link.originate) return { state: 'failed', ...unable };
  try {
    const outcome = await link.originate(order);
    if (outcome.ok) return { state: 'lifted', sourceCall: outcome.call };
    return { state: 'failed', message: outcome.message, fix: outcome.fix };
  } catch (error) {
    const { message } = error as Error;
    return { state: 'failed', message, fix: 'Dial on your phone, or try again in a moment.' };
  }
}

function keyOf({ organizationId, id: phoneSystemId }: LinkedPhoneSystem): LinkKey {
  return { organizationId, phoneSystemId };
}

/** Whether a link that is open still serves; a new name changes nothing. */
function isSame(a: LinkedPhoneSystem, b: LinkedPhoneSystem): boolean {
  return isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' });
}
