import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { Settings } from '../platform/setting-field.ts';

/** Every place where this room keeps what is encrypted, for `ringside rotate-key`. */
export interface SealedRows {
  connections: { organizationId: string; id: string; secrets: Settings }[];
  phoneSystems: {
    organizationId: string;
    id: string;
    hmacSecret: string | null;
    secrets: Settings;
  }[];
  webhooks: { organizationId: string; id: string; secret: string }[];
  singleSignOns: { organizationId: string; clientSecret: string }[];
  mails: { organizationId: string; id: string; link: string }[];
  secondFactors: { id: string; secret: string; backupCodes: string }[];
}

/** Of all organizations, locked until the transaction ends. */
export async function sealedRows(db: Database): Promise<SealedRows> {
  return acrossOrganizations(async () => {
    const connections = await sql<SealedRows['connections'][number]>`
      select organization_id as "organizationId", id, secrets from crm_connection for update`.execute(
      db,
    );
    const phoneSystems = await sql<SealedRows['phoneSystems'][number]>`
      select organization_id as "organizationId", id, hmac_secret as "hmacSecret", secrets
      from phone_system for update`.execute(db);
    const webhooks = await sql<SealedRows['webhooks'][number]>`
      select organization_id as "organizationId", id, secret from webhook for update`.execute(db);
    const singleSignOns = await sql<SealedRows['singleSignOns'][number]>`
      select organization_id as "organizationId", client_secret as "clientSecret"
      from single_sign_on for update`.execute(db);
    const mails = await sql<SealedRows['mails'][number]>`
      select organization_id as "organizationId", id, link from person_mail
      where link is not null for update`.execute(db);
    const secondFactors = await sql<SealedRows['secondFactors'][number]>`
      select id, secret, backup_codes as "backupCodes" from account_two_factor for update`.execute(
      db,
    );
    return {
      connections: connections.rows,
      phoneSystems: phoneSystems.rows,
      webhooks: webhooks.rows,
      singleSignOns: singleSignOns.rows,
      mails: mails.rows,
      secondFactors: secondFactors.rows,
    };
  });
}

/** Writes them back, as they were read or sealed anew. */
export async function putSealedRows(db: Database, rows: SealedRows): Promise<void> {
  await acrossOrganizations(async () => {
    for (const { organizationId, id, secrets } of rows.connections) {
      await sql`update crm_connection set secrets = ${JSON.stringify(secrets)}
        where organization_id = ${organizationId} and id = ${id}`.execute(db);
    }
    for (const { organizationId, id, hmacSecret, secrets } of rows.phoneSystems) {
      await sql`update phone_system set hmac_secret = ${hmacSecret}, secrets = ${JSON.stringify(secrets)}
        where organization_id = ${organizationId} and id = ${id}`.execute(db);
    }
    for (const { organizationId, id, secret } of rows.webhooks) {
      await sql`update webhook set secret = ${secret}
        where organization_id = ${organizationId} and id = ${id}`.execute(db);
    }
    for (const { organizationId, clientSecret } of rows.singleSignOns) {
      await sql`update single_sign_on set client_secret = ${clientSecret}
        where organization_id = ${organizationId}`.execute(db);
    }
    for (const { organizationId, id, link } of rows.mails) {
      await sql`update person_mail set link = ${link}
        where organization_id = ${organizationId} and id = ${id}`.execute(db);
    }
    for (const { id, secret, backupCodes } of rows.secondFactors) {
      await sql`update account_two_factor set secret = ${secret}, backup_codes = ${backupCodes}
        where id = ${id}`.execute(db);
    }
  });
}
