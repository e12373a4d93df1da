import type { CrmPlatform } from '../crm/port.ts';
import { crmPlatforms } from '../crm/registry.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { findPlatform } from '../organization/open-connection.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';

/** Where a new contact is made. */
export interface ContactHome {
  connectionId: string;
  people: CrmPlatform['people'];
}

/**
 * The connection of the contact's company, else the organization's primary one. Throws `conflict` while no CRM is connected that takes
 * contacts.
 */
export async function contactHome(
  db: Database,
  organizationId: string,
  connectionId: string | null,
): Promise<ContactHome> {
  const usable = (await connectionsOf(db, organizationId)).filter(({ state }) => state !== 'new');
  const home =
    connectionId === null
      ? (usable.find(({ primary }) => primary) ?? usable[0])
      : usable.find(({ id }) => id === connectionId);
  const platform = home === undefined ? null : findPlatform(home.platform, crmPlatforms);
  if (home === undefined || platform === null)
    throw new RingsideError('conflict', 'No CRM is connected in which a contact could be made.', {
      fix: 'Ask an administrator to connect one.',
    });
  return { connectionId: home.id, people: platform.people };
}
