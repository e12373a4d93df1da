import { DocumentSet } from './document-set.ts';
import type { SearchScope } from './search-scope.ts';
import { busyPostings } from './search-store.ts';

/** So many people and so many companies are looked at more closely. */
const mostPeople = 100;
const mostCompanies = 30;

/** What is looked at more closely, by number: so few that what follows costs little, however many there are. */
export class Candidates {
  readonly people = new Set<number>();
  readonly companies = new Set<number>();
  readonly #scope: SearchScope;
  readonly #mostPeople: number;
  readonly #mostCompanies: number;

  constructor(scope: SearchScope) {
    this.#scope = scope;
    const { kinds } = scope;
    const areWanted = kinds.includes('contact') || kinds.includes('consumer');
    this.#mostPeople = areWanted ? mostPeople : 0;
    this.#mostCompanies = kinds.includes('customer') ? mostCompanies : 0;
  }

  get isFull(): boolean {
    return this.people.size >= this.#mostPeople;
  }

  takeCompanies(set: DocumentSet): void {
    for (const document of set.newest()) {
      if (this.companies.size >= this.#mostCompanies) return;
      this.companies.add(document);
    }
  }

  /** Where there is no room for all, those with an open case come first, then the newest. */
  async takePeople(set: DocumentSet): Promise<void> {
    if (this.isFull) return;
    if (set.hasMoreThan(this.#mostPeople - this.people.size)) {
      const { db, organizationId, connectionIds } = this.#scope;
      const busy = new DocumentSet();
      const found = await busyPostings(db, organizationId, connectionIds, set.chunks());
      for (const { chunk, documents } of found) busy.unpack(chunk, documents);
      this.#takeNewest(set.and(busy));
    }
    this.#takeNewest(set);
  }

  #takeNewest(set: DocumentSet): void {
    for (const document of set.newest()) {
      if (this.isFull) return;
      this.people.add(document);
    }
  }
}
