/**
 * What an API key may be for: a closed set. Each opens a few routes and no others; a route names its scope in its config (`keyScope`).
 */
export const apiKeyScopes = {
  'calls:read': { title: 'Read calls', help: 'The call history, what happened to each call, CSV.' },
  'calls:place': { title: 'Place calls', help: 'Ring somebody’s phone, then dial a number.' },
  'directory:read': {
    title: 'Look callers up',
    help: 'Search customers, contacts and cases; who would pop for a number.',
  },
  'organization:read': {
    title: 'Read the organization',
    help: 'People, plans, connections and settings as Manage Organization shows them, without secrets.',
  },
  'audit:read': { title: 'Read the audit log', help: 'Who changed what when, CSV.' },
} as const satisfies Record<string, { title: string; help: string }>;
export type ApiKeyScope = keyof typeof apiKeyScopes;

export const apiKeyScopeNames = Object.keys(apiKeyScopes) as [ApiKeyScope, ...ApiKeyScope[]];

/** What a key begins with, so that people and secret scanners know it for what it is. */
export const apiKeyPrefix = 'rs_';

/** The API key of an Authorization header; null when there is none. A text that only begins like a key counts as one, a wrong one. */
export function bearerKey(header: string | undefined): string | null {
  const [, token = ''] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  return token.startsWith(apiKeyPrefix) ? token : null;
}

/** Enough to tell keys apart, and nothing to guess from: `rs_4fQ9`. */
export function shownPart(key: string): string {
  return key.slice(0, apiKeyPrefix.length + 4);
}
