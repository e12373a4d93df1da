import type { Candidates } from './candidates.ts';
import { DocumentSet } from './document-set.ts';
import type { Hits, SearchScope } from './search-scope.ts';
import { employersOf, staffPostings } from './search-store.ts';

/** So few people are looked at as they are: whether their company has the other words shows then. */
const fewPeople = 40;
/** Staff of so many companies at most are read; of each some 16 postings in a million contacts. */
const fewCompanies = 100;
/** Of so many people at most it is asked where they work. */
const somePeople = 800;

/** Companies that have some of the terms, and who has the others; null where they have all. */
interface Group {
  companies: DocumentSet;
  people: DocumentSet | null;
}

/** Adds people of whom some words are their own and the others those of their company, until there are enough. */
export async function addStaff(
  scope: SearchScope,
  hits: readonly Hits[],
  chosen: Candidates,
): Promise<void> {
  for (const group of groupsOf(hits)) {
    if (chosen.isFull) return;
    // One group after the other: mostly the first is enough.
    await chosen.takePeople(await peopleOf(scope, group));
  }
}

/** Those groups first whose companies have the most terms; nobody is in two. */
function* groupsOf(hits: readonly Hits[]): Generator<Group, void, void> {
  const companies = intersections(hits.map((hit) => hit.companies));
  const everything = 2 ** hits.length - 1;
  const seen = new DocumentSet();
  const masks = [...companies.keys()].toSorted((a, b) => bitsIn(b) - bitsIn(a) || a - b);
  for (const mask of masks) {
    const others = everything - mask;
    const some = companies.get(mask)!.without(seen);
    if (some.isEmpty()) continue;
    const needed = others === 0 ? null : withAll(hits, others);
    if (needed?.isEmpty()) continue;
    seen.addAll(some);
    yield { companies: some, people: needed };
  }
}

/** Who has all of the terms of a combination. Few companies have a word of several: only what is asked for is worked out. */
function withAll(hits: readonly Hits[], mask: number): DocumentSet {
  const [first, ...others] = hits.flatMap(({ begun }, index) =>
    Math.floor(mask / 2 ** index) % 2 === 1 ? [begun] : [],
  );
  return others.reduce((both, set) => both.and(set), first ?? new DocumentSet());
}

/** What the sets of each combination have in common, by a bit for each set; empty ones are left out. */
function intersections(sets: readonly DocumentSet[]): Map<number, DocumentSet> {
  const found = new Map<number, DocumentSet>();
  for (const [index, set] of sets.entries()) {
    if (set.isEmpty()) continue;
    for (const [mask, before] of [...found]) {
      const both = before.and(set);
      if (!both.isEmpty()) found.set(mask + 2 ** index, both);
    }
    found.set(2 ** index, set);
  }
  return found;
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let left = mask; left > 0; left = Math.floor(left / 2)) count += left % 2;
  return count;
}

async function peopleOf(scope: SearchScope, { companies, people }: Group): Promise<DocumentSet> {
  if (people !== null && !people.hasMoreThan(fewPeople)) return people;
  if (people === null || !companies.hasMoreThan(fewCompanies)) {
    const staff = await staffOf(scope, companies);
    return people === null ? staff : staff.and(people);
  }
  return workingFor(scope, companies, people);
}

async function staffOf(scope: SearchScope, companies: DocumentSet): Promise<DocumentSet> {
  const { db, organizationId, connectionIds } = scope;
  const asked = [...companies.newest(fewCompanies)];
  const staff = new DocumentSet();
  for (const posting of await staffPostings(db, organizationId, connectionIds, asked))
    staff.unpack(posting.chunk, posting.documents);
  return staff;
}

async function workingFor(
  scope: SearchScope,
  companies: DocumentSet,
  people: DocumentSet,
): Promise<DocumentSet> {
  const { db, organizationId, connectionIds } = scope;
  const asked = [...people.newest(somePeople)];
  const found = new DocumentSet();
  for (const { document, employer } of await employersOf(db, organizationId, connectionIds, asked))
    if (companies.has(employer)) found.add(document);
  return found;
}
