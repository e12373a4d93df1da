import type { TestCompany } from '../src/desk/testing.ts';
import { updateMappings } from '../src/organization/mapping-store.ts';
import { insertPerson } from '../src/organization/person-store.ts';
import type { Database } from '../src/platform/database/database.ts';

/** The extension of the n-th agent. */
export const extensionOf = (index: number): string => String(1_000 + index);

/** Gives a company agents with phones, mapped and with the View plan, one for each id. */
export async function addAgents(
  db: Database,
  { organizationId, connectionId }: TestCompany,
  ids: readonly string[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const [index, id] of ids.entries()) {
      await insertPerson(trx, organizationId, {
        id,
        userId: null,
        name: `Agent ${index}`,
        email: `agent${index}@example.com`,
        role: 'agent',
        plan: 'View',
        extension: extensionOf(index),
      });
      await updateMappings(trx, organizationId, [
        { personId: id, connectionId, crmUserId: `u${index}` },
      ]);
    }
  });
}
