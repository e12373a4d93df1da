import type { CrmPlatform } from '../crm/port.ts';
import { crmPlatforms } from '../crm/registry.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { connectionsOf } from './connection-store.ts';
import { linkOf } from './open-connection.ts';

/**
 * The sites that may show Ringside in a frame: where the 'open record' links of this organization lead. None while it has no
 * connection, or does not exist.
 */
export async function frameOrigins(
  deps: { db: Database; platforms?: readonly CrmPlatform[] },
  organizationId: string,
): Promise<string[]> {
  const connections = await inOrganization(organizationId, () =>
    connectionsOf(deps.db, organizationId),
  );
  const origins = connections.flatMap((connection) => originOf(connection, deps.platforms) ?? []);
  return [...new Set(origins)];
}

function originOf(
  connection: Parameters<typeof linkOf>[0],
  platforms: readonly CrmPlatform[] = crmPlatforms,
): string | null {
  const link = linkOf(connection, { kind: 'case', id: '0' }, platforms);
  if (link === null || !URL.canParse(link)) return null;
  const { origin } = new URL(link);
  // A host may hold ';' and ',' by the rules of URLs; in a policy they would begin another rule.
  return /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d+)?$/.test(origin) ? origin : null;
}
