import { agreement, agreements, isEdit } from './search-terms.ts';
import type { Agreement, Term } from './search-terms.ts';
import type { FoundRow } from './search-store.ts';

export interface RankedRow {
  row: FoundRow;
  why: string;
  /** Found only because a word may be one edit away. */
  edited: boolean;
}

/** Points off for what agrees in the name, and more where it is the e-mail address or the company. */
const distance: Record<Agreement, number> = {
  [agreement.exact]: 0,
  [agreement.beginning]: 1,
  [agreement.edit]: 5,
  [agreement.editedBeginning]: 6,
  [agreement.none]: Number.POSITIVE_INFINITY,
};
const elsewhere = 1.5;

/**
 * Rows that have every term, the best first: the word itself before its beginning, that before one edit; names before e-mail and
 * company; among equals those with an open case, then those that changed last. The others are left out: what the index has of a
 * record that was changed a moment ago counts for nothing. `edits`: whether words one edit away count.
 */
export function rankRows(
  rows: readonly FoundRow[],
  terms: readonly Term[],
  edits: boolean,
): RankedRow[] {
  const ranked = rows.flatMap((row) => {
    const judged = judge(row, terms, edits);
    return judged === null ? [] : [{ row, ...judged }];
  });
  return ranked.toSorted(
    (a, b) =>
      a.points - b.points ||
      Number(b.row.busy) - Number(a.row.busy) ||
      (b.row.updated_at?.getTime() ?? 0) - (a.row.updated_at?.getTime() ?? 0) ||
      compare(a.row.name, b.row.name) ||
      compare(a.row.id, b.row.id),
  );
}

/** So many companies at least are shown, where there are some. */
const companiesShown = 3;

/** The first of `ranked`; where nothing but people came first, the best companies stand in the place of the last people. */
export function firstOf(ranked: readonly RankedRow[], most: number): RankedRow[] {
  const isCompany = ({ row }: RankedRow) => row.kind === 'customer';
  const first = ranked.slice(0, most);
  if (first.some(isCompany)) return first;
  const companies = ranked.slice(most).filter(isCompany).slice(0, companiesShown);
  return [...first.slice(0, most - companies.length), ...companies];
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function judge(
  row: FoundRow,
  terms: readonly Term[],
  edits: boolean,
): { points: number; why: string; edited: boolean } | null {
  const name = agreements(terms, row.name, edits);
  // Nothing is nearer than the name itself: most rows need no look at the rest.
  const asTyped = name.every((agrees) => agrees >= agreement.beginning);
  const [email, company] = [row.email, row.company ?? ''].map((text) =>
    asTyped ? [] : agreements(terms, text, edits),
  ) as [Agreement[], Agreement[]];
  let [points, edited] = [0, false];
  const places = new Set<string>();
  for (const index of terms.keys()) {
    const found = [
      { place: 'Name', agrees: name[index]!, off: 0 },
      { place: 'E-mail', agrees: email[index] ?? agreement.none, off: elsewhere },
      { place: 'Company', agrees: company[index] ?? agreement.none, off: elsewhere },
    ]
      .filter(({ agrees }) => agrees !== agreement.none)
      .map(({ place, agrees, off }) => ({ place, agrees, points: distance[agrees] + off }))
      .toSorted((a, b) => a.points - b.points);
    const [best] = found;
    if (best === undefined) return null;
    points += best.points;
    if (isEdit(best.agrees)) edited = true;
    places.add(best.place);
  }
  const everywhere = (agrees: Agreement[]) => agrees.every((one) => one !== agreement.none);
  const why = everywhere(name)
    ? 'Name'
    : everywhere(email)
      ? 'E-mail'
      : places.has('Company')
        ? 'Company'
        : 'E-mail';
  return { points, why, edited };
}
