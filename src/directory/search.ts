import type { LinkTarget } from '../crm/port.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { linkOf } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import { searchKinds } from './contract.ts';
import type { SearchAnswer, SearchKind, SearchResult } from './contract.ts';
import { foundRows } from './search-store.ts';
import type { FoundRow } from './search-store.ts';

const resultsShown = 20;

/**
 * Whom or what somebody means by the text typed so far: contacts, consumers, customers and cases of all of the
 * organization's connections, the best first, at most 20.
 */
export async function searchDirectory(
  db: Database,
  organizationId: string,
  text: string,
  kinds: readonly SearchKind[] = searchKinds,
): Promise<SearchAnswer> {
  const start = performance.now();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 6);
  const [rows, link] = await Promise.all([
    foundRows(db, organizationId, words, kinds, resultsShown),
    linksOf(db, organizationId),
  ]);
  const results = rows.map((row) => toResult(row, link));
  return { results, ms: performance.now() - start, preparing: null };
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

function toResult(row: FoundRow, link: LinkMaker): SearchResult {
  const { kind, id, connection_id: connectionId } = row;
  return {
    kind,
    id,
    connectionId,
    key: `${kind}:${connectionId}:${id}`,
    name: row.name,
    detail: row.details.filter(Boolean).join(' · '),
    company: row.company ?? '',
    number: row.number ?? '',
    link: link(connectionId, { kind, id }),
    why: row.why,
  };
}
