import type { StoredCall } from '../calls/store.ts';
import type { NumberMask } from '../directory/number-mask.ts';
import type { ReachablePerson } from '../organization/person-store.ts';
import { PersonDesk } from './person-desk.ts';
import { blockOf } from './pop.ts';

interface OrganizationDesks {
  byPerson: Map<string, PersonDesk>;
  byExtension: Map<string, PersonDesk>;
}

/** Who is listening on this node, found by organization, person and extension: a call must not search among thousands. */
export class DeskRegister {
  readonly #organizations = new Map<string, OrganizationDesks>();
  readonly #mask: NumberMask;

  constructor(mask: NumberMask) {
    this.#mask = mask;
  }

  has(organizationId: string): boolean {
    return this.#organizations.has(organizationId);
  }

  find(organizationId: string, personId: string): PersonDesk | undefined {
    return this.#organizations.get(organizationId)?.byPerson.get(personId);
  }

  findOrAdd(organizationId: string, personId: string): PersonDesk {
    const desks = this.#organizations.get(organizationId) ?? {
      byPerson: new Map<string, PersonDesk>(),
      byExtension: new Map<string, PersonDesk>(),
    };
    this.#organizations.set(organizationId, desks);
    const desk =
      desks.byPerson.get(personId) ?? new PersonDesk(organizationId, personId, this.#mask);
    desks.byPerson.set(personId, desk);
    return desk;
  }

  remove(desk: PersonDesk): void {
    const desks = this.#organizations.get(desk.organizationId);
    if (desks?.byPerson.get(desk.personId) !== desk) return;
    desks.byPerson.delete(desk.personId);
    this.#leaveExtension(desks, desk);
    if (desks.byPerson.size === 0) this.#organizations.delete(desk.organizationId);
  }

  /** Notes who the person is now; only who may have pops is found by extension. */
  place(desk: PersonDesk, person: ReachablePerson): void {
    const desks = this.#organizations.get(desk.organizationId);
    if (desks?.byPerson.get(desk.personId) !== desk) return;
    this.#leaveExtension(desks, desk);
    desk.person = person;
    desk.extension = blockOf(person) === null ? person.extension : null;
    if (desk.extension !== null) desks.byExtension.set(desk.extension, desk);
  }

  /** Whether anybody with one of these extensions may be listening here; anybody at all where they are not known. */
  serves(organizationId: string, extensions: readonly string[] | undefined): boolean {
    const desks = this.#organizations.get(organizationId);
    if (desks === undefined || extensions === undefined) return desks !== undefined;
    return extensions.some((extension) => desks.byExtension.has(extension));
  }

  /** Whose phones have a part in the call; of one that was merged, whose screens still show it. */
  concernedBy(call: StoredCall): PersonDesk[] {
    const desks = this.#organizations.get(call.organizationId);
    if (desks === undefined) return [];
    if (call.mergedInto !== null) {
      return [...desks.byPerson.values()].filter((desk) => desk.shows(call.id));
    }
    const extensions = new Set(call.legs.map((leg) => leg.extension));
    return [...extensions].flatMap((extension) => desks.byExtension.get(extension ?? '') ?? []);
  }

  of(organizationId: string): PersonDesk[] {
    return [...(this.#organizations.get(organizationId)?.byPerson.values() ?? [])];
  }

  all(): PersonDesk[] {
    return [...this.#organizations.keys()].flatMap((organizationId) => this.of(organizationId));
  }

  organizationIds(): string[] {
    return [...this.#organizations.keys()];
  }

  /** Two people may be seen with one extension while it changes hands: only the own place is given up. */
  #leaveExtension(desks: OrganizationDesks, desk: PersonDesk): void {
    if (desk.extension !== null && desks.byExtension.get(desk.extension) === desk) {
      desks.byExtension.delete(desk.extension);
    }
  }
}
