import type { Database } from '../platform/database/database.ts';
import type { SearchKind } from './contract.ts';
import { DocumentSet } from './document-set.ts';
import { beginning, longestBeginning } from './index-entries.ts';
import { oneEditWords } from './one-edit.ts';
import { foundPostings, staffPostings } from './search-store.ts';
import type { WordRange } from './search-store.ts';
import { beginningsFrom, editsFrom, editsTo } from './search-terms.ts';
import type { Term } from './search-terms.ts';

/** So many records are looked at more closely. */
const mostCandidates = 100;
/** So many companies of a word lend it to their people. */
const mostCompanies = 200;
/** Postings of one range; beginnings of four letters have some hundred in a million contacts. */
const mostPostings = 3_000;
const mostEdited = 60;

const afterAll = '\u{10ffff}';
const afterOne = '\u0001';

export interface SearchScope {
  db: Database;
  organizationId: string;
  connectionIds: string[];
  kinds: readonly SearchKind[];
}

/** Which records have a term. */
interface Hits {
  exact: DocumentSet;
  /** Exact ones included. */
  begun: DocumentSet;
  companies: DocumentSet;
}

/** Numbers of records that have all of the terms as typed, the likely ones first; at most 100. */
export async function typedCandidates(
  scope: SearchScope,
  terms: readonly Term[],
): Promise<number[]> {
  const hits = await hitsOf(scope, terms, typedRanges);
  const chosen = new Set<number>();
  take(
    chosen,
    hits.map(({ exact }) => exact),
  );
  take(
    chosen,
    hits.map(({ begun }) => begun),
  );
  // Companies stand before their people, who are found by the company's word.
  if (chosen.size < mostCandidates && wantsPeople(scope))
    take(
      chosen,
      await withStaff(
        scope,
        hits,
        hits.map(({ begun }) => begun),
      ),
    );
  return [...chosen];
}

/** The same where every term may be one edit away. */
export async function editedCandidates(
  scope: SearchScope,
  terms: readonly Term[],
): Promise<number[]> {
  const typed = await hitsOf(scope, terms, typedRanges);
  // What nobody is called is what was mistyped; where somebody has each word and nobody all of them, it may be any.
  const unknown = typed.map(({ begun, companies }) => begun.isEmpty() && companies.isEmpty());
  const mistyped = terms.filter((_, index) => unknown[index] || !unknown.includes(true));
  const edited = await hitsOf(scope, terms, (term) =>
    mistyped.includes(term) ? editedRanges(term) : [],
  );
  const begun = edited.map((hits, term) => hits.begun.addAll(typed[term]!.begun));
  for (const [term, { companies }] of edited.entries()) companies.addAll(typed[term]!.companies);
  const chosen = new Set<number>();
  take(chosen, begun);
  if (wantsPeople(scope)) take(chosen, await withStaff(scope, edited, begun));
  return [...chosen];
}

const wantsPeople = ({ kinds }: SearchScope) =>
  kinds.includes('contact') || kinds.includes('consumer');

/** Adds what all sets have. */
function take(chosen: Set<number>, sets: readonly DocumentSet[]): void {
  const [first, ...others] = sets;
  if (first === undefined) return;
  const all = others.reduce((both, other) => both.and(other), first);
  for (const document of all.newest()) {
    if (chosen.size >= mostCandidates) return;
    chosen.add(document);
  }
}

type Range = Pick<WordRange, 'low' | 'high' | 'exact'>;

function typedRanges({ forms }: Term): Range[] {
  return forms.flatMap((form): Range[] => {
    const exact = { low: form, high: form + afterOne, exact: true };
    const short = Array.from(form).length <= longestBeginning;
    const [low, high] = short
      ? [beginning(form), beginning(form) + afterOne]
      : [form + afterOne, form + afterAll];
    return [exact, { low, high, exact: false }];
  });
}

function editedRanges({ forms }: Term): Range[] {
  return forms.flatMap((form) => {
    const { length } = Array.from(form);
    if (length < editsFrom || length > editsTo) return [];
    const high = length >= beginningsFrom ? afterAll : afterOne;
    return [...oneEditWords(form)].map((word) => ({ low: word, high: word + high, exact: false }));
  });
}

async function hitsOf(
  { db, organizationId, connectionIds, kinds }: SearchScope,
  terms: readonly Term[],
  rangesOf: (term: Term) => Range[],
): Promise<Hits[]> {
  const owners = (['contact', 'consumer', 'customer'] as const).filter(
    (kind) => kind === 'customer' || kinds.includes(kind),
  );
  const ranges = terms.flatMap((one, term) =>
    rangesOf(one).flatMap((range) => owners.map((owner) => ({ ...range, owner, term }))),
  );
  const hits = terms.map(() => ({
    exact: new DocumentSet(),
    begun: new DocumentSet(),
    companies: new DocumentSet(),
  }));
  if (ranges.length === 0) return hits;
  const most = rangesOf === typedRanges ? mostPostings : mostEdited;
  const postings = await foundPostings(db, organizationId, connectionIds, ranges, most);
  for (const { term, owner, exact, chunk, documents } of postings) {
    const hit = hits[term]!;
    if (kinds.includes(owner)) {
      hit.begun.unpack(chunk, documents);
      if (exact) hit.exact.unpack(chunk, documents);
    }
    if (owner === 'customer') hit.companies.unpack(chunk, documents);
  }
  return hits;
}

/** For each term: what has it, and who works for a company that has it. */
async function withStaff(
  { db, organizationId, connectionIds }: SearchScope,
  hits: readonly Hits[],
  own: readonly DocumentSet[],
): Promise<DocumentSet[]> {
  return Promise.all(
    own.map(async (set, term) => {
      const companies = [...hits[term]!.companies.newest()].slice(0, mostCompanies);
      if (companies.length === 0) return set;
      const both = new DocumentSet().addAll(set);
      for (const { chunk, documents } of await staffPostings(
        db,
        organizationId,
        connectionIds,
        companies,
      ))
        both.unpack(chunk, documents);
      return both;
    }),
  );
}
