import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';

/** The name of an active contact of the connection that has the e-mail address; null when nobody has. */
export async function contactWithEmail(
  db: Database,
  { organizationId, connectionId }: Place,
  email: string,
): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select name from contact
    where organization_id = ${organizationId} and connection_id = ${connectionId} and lower(email) = lower(${email}) and active
    limit 1
  `.execute(db);
  return rows[0]?.name ?? null;
}

/** Whether the connection has a customer of this very name. */
export async function hasCustomerNamed(
  db: Database,
  { organizationId, connectionId }: Place,
  name: string,
): Promise<boolean> {
  const { rows } = await sql`
    select from customer
    where organization_id = ${organizationId} and connection_id = ${connectionId} and lower(name) = lower(${name})
    limit 1
  `.execute(db);
  return rows.length > 0;
}
