import type { ApiKeyScope } from '../../../src/organization/api-key.ts';

const paths: Record<ApiKeyScope, string> = {
  'calls:read': '/api/v1/calls?results=missed',
  'directory:read': '/api/v1/directory/search?q=smith',
  'organization:read': '/api/v1/organization',
  'audit:read': '/api/v1/audit',
  'calls:place': '/api/v1/calls',
};

/** A command that asks for something that the key opens; one that changes nothing where there is a choice. */
export function keyExample(origin: string, key: string, scopes: readonly ApiKeyScope[]): string {
  const [scope = 'calls:place'] = (Object.keys(paths) as ApiKeyScope[]).filter((one) =>
    scopes.includes(one),
  );
  const command = `curl -H 'Authorization: Bearer ${key}' '${origin}${paths[scope]}'`;
  if (scope !== 'calls:place') return command;
  const body = JSON.stringify({ extension: '101', number: '+49 30 1234567' });
  return `${command} -H 'Content-Type: application/json' -d '${body}'`;
}
