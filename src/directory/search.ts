import type { LinkTarget } from '../crm/port.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { linkOf } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import { searchKinds } from './contract.ts';
import type { SearchAnswer, SearchKind, SearchResult } from './contract.ts';
import { findCases } from './find-cases.ts';
import { firstOf, rankRows } from './rank-results.ts';
import type { RankedRow } from './rank-results.ts';
import { editedCandidates, typedCandidates, typedHits } from './search-candidates.ts';
import type { SearchScope } from './search-scope.ts';
import { documentRows, firstNumbers, searchState, unindexedDocuments } from './search-store.ts';
import type { DocumentNumbers, FoundRow, SearchState } from './search-store.ts';
import { editsFrom, marksOf, meantWord, termsOf } from './search-terms.ts';
import type { Term } from './search-terms.ts';

const resultsShown = 20;
/** So many records that the index does not have yet are gone through. */
const mostUnindexed = 20_000;
/** Fewer are indexed before anybody could read of it. */
const worthTelling = 1_000;

/**
 * Whom or what somebody means by the text typed so far: contacts, consumers, customers and cases of all of the
 * organization's connections, the best first, at most 20. Words may be incomplete and, where nothing is found, one letter off.
 */
export async function searchDirectory(
  db: Database,
  organizationId: string,
  text: string,
  kinds: readonly SearchKind[] = searchKinds,
): Promise<SearchAnswer> {
  const start = performance.now();
  const terms = termsOf(text);
  const [state, link, cases] = await Promise.all([
    searchState(db, organizationId),
    linksOf(db, organizationId),
    kinds.includes('case') ? findCases(db, organizationId, text, resultsShown) : [],
  ]);
  const scope = { db, organizationId, connectionIds: state.connectionIds, kinds };
  const people =
    terms.length === 0 || kinds.every((kind) => kind === 'case')
      ? []
      : await findRecords(scope, state, terms, cases.length === 0);
  const ranked = firstOf([...cases.map(foundCase), ...people], resultsShown);
  const numbers = await firstNumbers(
    db,
    organizationId,
    ranked.map(({ row }) => row),
  );
  const results = ranked.map(({ row, why }, index) =>
    toResult({ ...row, number: row.number ?? numbers[index] ?? null }, why, terms, link),
  );
  const [best] = ranked;
  const waiting = state.total - state.done >= worthTelling && state.behind.length > 0;
  return {
    results,
    meant: best?.edited === true ? meantText(best.row, terms) : null,
    ms: performance.now() - start,
    preparing: waiting ? { done: state.done, total: state.total } : null,
  };
}

const foundCase = (row: FoundRow): RankedRow => ({ row, why: 'Case number', edited: false });

async function findRecords(
  scope: SearchScope,
  state: SearchState,
  terms: readonly Term[],
  mayEdit: boolean,
): Promise<RankedRow[]> {
  const { db, organizationId, connectionIds, kinds } = scope;
  const words = terms.map(({ typed }) => typed);
  const rank = async (documents: DocumentNumbers, edits: boolean) => {
    const rows = await documentRows(db, organizationId, connectionIds, documents);
    return rankRows(
      rows.filter(({ kind }) => kinds.includes(kind)),
      terms,
      edits,
    );
  };
  const asTyped = typedHits(scope, terms);
  const [typed, ...unindexed] = await Promise.all([
    asTyped.then((hits) => typedCandidates(scope, hits)),
    ...state.behind.map((behind) =>
      unindexedDocuments(db, organizationId, behind, words, mostUnindexed),
    ),
  ]);
  const all = [typed, ...unindexed];
  const both = {
    people: all.flatMap(({ people }) => people),
    companies: all.flatMap(({ companies }) => companies),
  };
  const found = await rank(both, false);
  const editable =
    mayEdit &&
    terms.some(({ forms }) => forms.some((form) => Array.from(form).length >= editsFrom));
  // Only where nothing is called so: who types a name in full does not want its neighbours.
  if (found.length > 0 || !editable) return found;
  return rank(await editedCandidates(scope, terms, await asTyped), true);
}

/** What was typed, in the words of the best result: also those that were begun, and capitals. */
function meantText({ name, email, company }: FoundRow, terms: readonly Term[]): string {
  return terms
    .map((term) => {
      const words = [name, email, company ?? ''].map((text) => meantWord(term, text));
      return words.find((word) => word !== null) ?? term.typed;
    })
    .join(' ');
}

type LinkMaker = (connectionId: string, target: LinkTarget) => string | null;

async function linksOf(db: Database, organizationId: string): Promise<LinkMaker> {
  const connections = await connectionsOf(db, organizationId);
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  return (connectionId, target) => {
    const connection = byId.get(connectionId);
    return connection === undefined ? null : linkOf(connection, target);
  };
}

const keyOf = ({ kind, id, connection_id: connectionId }: FoundRow) =>
  `${kind}:${connectionId}:${id}`;

function toResult(
  row: FoundRow,
  why: string,
  terms: readonly Term[],
  link: LinkMaker,
): SearchResult {
  const { kind, id, connection_id: connectionId, name } = row;
  const detail = row.details.filter(Boolean).join(' · ');
  const company = row.company ?? '';
  const mark = (text: string) => (kind === 'case' ? [] : marksOf(terms, text));
  return {
    ...{ kind, id, connectionId, key: keyOf(row), name, detail, company },
    number: row.number ?? '',
    link: link(connectionId, { kind, id }),
    why,
    marks: { name: mark(name), company: mark(company), detail: mark(detail) },
  };
}
