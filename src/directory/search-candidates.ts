import { Candidates } from './candidates.ts';
import { DocumentSet } from './document-set.ts';
import { beginningOf } from './index-entries.ts';
import { oneEditWords } from './one-edit.ts';
import type { Hits, SearchScope } from './search-scope.ts';
import { addStaff } from './search-staff.ts';
import { foundPostings } from './search-store.ts';
import type { DocumentNumbers, WordRange } from './search-store.ts';
import { beginningsFrom, editsFrom, editsTo } from './search-terms.ts';
import type { Term } from './search-terms.ts';

/** Postings of one range; words that share more letters than the index has beginnings of are few. */
const mostPostings = 2_000;
const mostEdited = 60;

const afterAll = '\u{10ffff}';
const afterOne = '\u0001';

/** Which records have each of the terms as typed. */
export function typedHits(scope: SearchScope, terms: readonly Term[]): Promise<Hits[]> {
  return hitsOf(scope, terms, typedRanges);
}

/** Records that have all of the terms as typed, the likely ones first. */
export async function typedCandidates(
  scope: SearchScope,
  hits: readonly Hits[],
): Promise<DocumentNumbers> {
  const chosen = new Candidates(scope);
  chosen.takeCompanies(common(hits.map(({ exactCompanies }) => exactCompanies)));
  await chosen.takePeople(common(hits.map(({ exact }) => exact)));
  await chooseBegun(scope, hits, chosen);
  return { people: [...chosen.people], companies: [...chosen.companies] };
}

/** The same where every term may be one edit away. */
export async function editedCandidates(
  scope: SearchScope,
  terms: readonly Term[],
  typed: readonly Hits[],
): Promise<DocumentNumbers> {
  // What nobody is called is what was mistyped; where somebody has each word and nobody all of them, it may be any.
  const unknown = typed.map(({ begun, companies }) => begun.isEmpty() && companies.isEmpty());
  const mistyped = terms.filter((_, index) => unknown[index] || !unknown.includes(true));
  const edited = await hitsOf(
    scope,
    terms,
    (term) => (mistyped.includes(term) ? editedRanges(term) : []),
    mostEdited,
  );
  for (const [term, { begun, companies }] of edited.entries()) {
    begun.addAll(typed[term]!.begun);
    companies.addAll(typed[term]!.companies);
  }
  const chosen = new Candidates(scope);
  await chooseBegun(scope, edited, chosen);
  return { people: [...chosen.people], companies: [...chosen.companies] };
}

/** Records that have all of the words, each in one of its forms, as whole words. */
export async function recordsWithWords(
  scope: SearchScope,
  words: readonly string[][],
): Promise<{ people: DocumentSet; companies: DocumentSet }> {
  const terms = words.map((forms) => ({ typed: '', forms }));
  const hits = await hitsOf(scope, terms, ({ forms }) =>
    forms.map((form) => ({ ...wordItself(form), exact: true })),
  );
  return {
    people: common(hits.map(({ exact }) => exact)),
    companies: common(hits.map(({ exactCompanies }) => exactCompanies)),
  };
}

/** Companies stand before their people, who are found by the company's word. */
async function chooseBegun(
  scope: SearchScope,
  hits: readonly Hits[],
  chosen: Candidates,
): Promise<void> {
  chosen.takeCompanies(common(hits.map(({ companies }) => companies)));
  await chosen.takePeople(common(hits.map(({ begun }) => begun)));
  await addStaff(scope, hits, chosen);
}

/** What all sets have. */
function common([first, ...others]: readonly DocumentSet[]): DocumentSet {
  return others.reduce((both, other) => both.and(other), first ?? new DocumentSet());
}

type Range = Pick<WordRange, 'low' | 'high' | 'exact'>;

const wordItself = (word: string) => ({ low: word, high: word + afterOne });
const allFrom = (start: string) => ({ low: start, high: start + afterAll });
/** Longer words that begin so; where one range has them and the word itself, that too. */
function longerWords(form: string) {
  const entries = beginningOf(form);
  if (entries === null) return allFrom(form);
  return entries.whole ? wordItself(entries.start) : allFrom(entries.start);
}
/** The word and every longer one that begins so. */
const wordsFrom = (form: string) =>
  beginningOf(form)?.whole === false ? [wordItself(form), longerWords(form)] : [longerWords(form)];

function typedRanges({ forms }: Term): Range[] {
  return forms.flatMap((form): Range[] => [
    { ...wordItself(form), exact: true },
    { ...longerWords(form), exact: false },
  ]);
}

function editedRanges({ forms }: Term): Range[] {
  return forms.flatMap((form) => {
    const { length } = Array.from(form);
    if (length < editsFrom || length > editsTo) return [];
    return [...oneEditWords(form)].flatMap((word) =>
      (length >= beginningsFrom ? wordsFrom(word) : [wordItself(word)]).map((range) => ({
        ...range,
        exact: false,
      })),
    );
  });
}

async function hitsOf(
  { db, organizationId, connectionIds, kinds }: SearchScope,
  terms: readonly Term[],
  rangesOf: (term: Term) => Range[],
  limit = mostPostings,
): Promise<Hits[]> {
  const owners = (['contact', 'consumer', 'customer'] as const).filter(
    (kind) => kind === 'customer' || kinds.includes(kind),
  );
  const ranges = terms.flatMap((one, term) => rangesOf(one).map((range) => ({ ...range, term })));
  const hits = terms.map(() => ({
    exact: new DocumentSet(),
    begun: new DocumentSet(),
    exactCompanies: new DocumentSet(),
    companies: new DocumentSet(),
  }));
  if (ranges.length === 0) return hits;
  const wanted = { ranges, owners, limit };
  const postings = await foundPostings(db, organizationId, connectionIds, wanted);
  for (const { term, owner, exact, chunk, documents } of postings) {
    const { exactCompanies, companies, exact: exactPeople, begun } = hits[term]!;
    const [own, longer] = owner === 'customer' ? [exactCompanies, companies] : [exactPeople, begun];
    (exact ? own : longer).unpack(chunk, documents);
  }
  for (const { exactCompanies, companies, exact, begun } of hits) {
    companies.addAll(exactCompanies);
    begun.addAll(exact);
  }
  return hits;
}
