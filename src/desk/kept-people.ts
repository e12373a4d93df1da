import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { ReachablePerson } from '../organization/person-store.ts';

/** The active person whose telephone an extension is; null when nobody has it. */
export type PersonOf = (
  organizationId: string,
  extension: string,
) => Promise<ReachablePerson | null>;

const keptMs = 5_000;

/**
 * Keeps for five seconds whose telephone an extension is: every change of every call asks it for every phone. Whoever is told that an
 * organization's people changed forgets them first.
 */
export class KeptPeople {
  readonly #deps: { db: Database; clock: Clock };
  readonly #kept = new Map<
    string,
    { until: number; people: Map<string, Promise<ReachablePerson | null>> }
  >();

  constructor(deps: { db: Database; clock: Clock }) {
    this.#deps = deps;
  }

  readonly find: PersonOf = (organizationId, extension) => {
    const people = this.#peopleOf(organizationId);
    const known = people.get(extension);
    if (known !== undefined) return known;
    const person = personByExtension(this.#deps.db, organizationId, extension);
    people.set(extension, person);
    person.catch(() => people.delete(extension));
    return person;
  };

  forget(organizationId: string): void {
    this.#kept.delete(organizationId);
  }

  /** All of an organization's grow old together, so that none is ever swept. */
  #peopleOf(organizationId: string): Map<string, Promise<ReachablePerson | null>> {
    const now = this.#deps.clock.now().getTime();
    const known = this.#kept.get(organizationId);
    if (known !== undefined && known.until > now) return known.people;
    const people = new Map<string, Promise<ReachablePerson | null>>();
    this.#kept.set(organizationId, { until: now + keptMs, people });
    return people;
  }
}
