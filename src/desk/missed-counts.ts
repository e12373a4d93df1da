import { unlocks } from '../organization/features.ts';
import type { ReachablePerson } from '../organization/person-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { openConcerns } from './missed-list-store.ts';
import { missedReachOf, reaches } from './missed-reach.ts';
import type { MissedReach } from './missed-reach.ts';
import type { PersonDesk } from './person-desk.ts';

/** Milliseconds between two rounds of an organization: a hundred missed calls a second are told once. */
const pauseMs = 1_000;
/** How long it is remembered which queues ring somebody. */
const queuesKeptMs = 30_000;

interface Round {
  again: boolean;
  changed: boolean;
}

/** Tells everybody who listens on this node how many missed calls wait for them, in one query for all of an organization. */
export class MissedCounts {
  readonly #deps: { db: Database; clock: Clock; log: Log };
  readonly #desksOf: (organizationId: string) => PersonDesk[];
  /** Organizations that are being told, or were a moment ago. */
  readonly #rounds = new Map<string, Round>();
  readonly #reaches = new Map<string, { reach: MissedReach; rights: string; until: number }>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    deps: { db: Database; clock: Clock; log: Log },
    desksOf: (organizationId: string) => PersonDesk[],
  ) {
    this.#deps = deps;
    this.#desksOf = desksOf;
  }

  /** `changed`: the list itself did; else somebody is new here. */
  tell(organizationId: string, changed: boolean): void {
    const round = this.#rounds.get(organizationId);
    if (round === undefined) {
      this.#rounds.set(organizationId, { again: false, changed: false });
      void this.#run(organizationId, changed);
      return;
    }
    round.again = true;
    round.changed ||= changed;
  }

  /** Roles or teams changed: who sees what is asked anew. */
  forgetReaches(): void {
    this.#reaches.clear();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #run(organizationId: string, changed: boolean): Promise<void> {
    try {
      await inOrganization(organizationId, () => this.#tellAll(organizationId, changed));
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'missed calls could not be counted');
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const round = this.#rounds.get(organizationId);
      this.#rounds.delete(organizationId);
      if (round?.again === true) this.tell(organizationId, round.changed);
    }, pauseMs);
    timer.unref();
    this.#timers.add(timer);
  }

  async #tellAll(organizationId: string, changed: boolean): Promise<void> {
    const desks = this.#desksOf(organizationId).filter(
      ({ person }) => person !== null && unlocks(person.plan, 'missed-calls'),
    );
    if (desks.length === 0) return;
    const entries = await openConcerns(this.#deps.db, organizationId);
    for (const desk of desks) {
      const { person } = desk;
      if (person === null) continue;
      const reach = await this.#reachOf(organizationId, person);
      const open = entries.filter((entry) => reaches(reach, entry)).length;
      desk.sendMissed({ open }, changed);
    }
  }

  async #reachOf(organizationId: string, person: ReachablePerson): Promise<MissedReach> {
    const now = this.#deps.clock.now().getTime();
    const rights = [person.role, ...person.mayNot].join(' ');
    const known = this.#reaches.get(person.id);
    if (known !== undefined && known.until > now && known.rights === rights) return known.reach;
    const { reach } = await missedReachOf(this.#deps, organizationId, person);
    for (const [id, { until }] of this.#reaches) if (until <= now) this.#reaches.delete(id);
    this.#reaches.set(person.id, { reach, rights, until: now + queuesKeptMs });
    return reach;
  }
}
