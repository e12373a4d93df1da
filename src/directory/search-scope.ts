import type { Database } from '../platform/database/database.ts';
import type { SearchKind } from './contract.ts';
import type { DocumentSet } from './document-set.ts';

export interface SearchScope {
  db: Database;
  organizationId: string;
  connectionIds: string[];
  kinds: readonly SearchKind[];
}

/** Which records have a term: people as typed or as longer words, companies likewise. */
export interface Hits {
  exact: DocumentSet;
  /** Exact ones included. */
  begun: DocumentSet;
  exactCompanies: DocumentSet;
  /** Exact ones included. */
  companies: DocumentSet;
}
