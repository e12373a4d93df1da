import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { recordChange } from './audit-store.ts';
import { webhookSecretContext } from './deliver-webhook.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { orderDelivery } from './tell-webhooks.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';
import type { WebhookInput } from './webhook-contract.ts';
import {
  deliveriesOf,
  insertWebhook,
  removeWebhook,
  renewDelivery,
  updateWebhook,
  webhooksOf,
} from './webhook-store.ts';
import type { StoredDelivery, StoredWebhook } from './webhook-store.ts';

export interface WebhookDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
  jobs: Jobs;
}

/** The organization's webhooks. Throws `forbidden` for anybody but an administrator, as everything here. */
export async function viewWebhooks(db: Database, viewer: Viewer): Promise<StoredWebhook[]> {
  requireRole(viewer, 'administrator');
  return webhooksOf(db, viewer.organizationId);
}

/** Makes a webhook with a secret of its own, which is shown once. Throws `plan-required`. */
export async function addWebhook(
  { db, clock, secretBox }: WebhookDeps,
  viewer: Viewer,
  input: WebhookInput,
): Promise<{ webhook: StoredWebhook; secret: string }> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(db, organizationId, 'webhooks-out');
  const id = newId();
  const secret = `whsec_${randomBytes(32).toString('base64url')}`;
  const sealed = secretBox.seal(secret, webhookSecretContext(organizationId, id));
  const at = clock.now();
  await db.transaction().execute(async (trx) => {
    await insertWebhook(trx, organizationId, { ...input, id, secret: sealed, at });
    await recordWebhook(trx, viewer, at, 'add webhook', input);
  });
  return { webhook: { ...input, id, createdAt: at }, secret };
}

/** Throws `not-found`, `plan-required`. */
export async function changeWebhook(
  { db, clock }: WebhookDeps,
  viewer: Viewer,
  id: string,
  input: WebhookInput,
): Promise<StoredWebhook> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(db, organizationId, 'webhooks-out');
  await db.transaction().execute(async (trx) => {
    if (!(await updateWebhook(trx, organizationId, id, input))) throw noSuchWebhook();
    await recordWebhook(trx, viewer, clock.now(), 'change webhook', input);
  });
  return (await webhooksOf(db, organizationId)).find((one) => one.id === id)!;
}

/** With the log of its deliveries. Throws `not-found`. */
export async function deleteWebhook(
  { db, clock }: WebhookDeps,
  viewer: Viewer,
  id: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  await db.transaction().execute(async (trx) => {
    const name = await removeWebhook(trx, viewer.organizationId, id);
    if (name === null) throw noSuchWebhook();
    await recordChange(trx, viewer.organizationId, {
      ...{ at: clock.now(), by: viewer, action: 'remove webhook', subject: name },
    });
  });
}

/** The newest 100. Throws `not-found`. */
export async function viewDeliveries(
  db: Database,
  viewer: Viewer,
  id: string,
): Promise<StoredDelivery[]> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  if (!(await webhooksOf(db, organizationId)).some((one) => one.id === id)) throw noSuchWebhook();
  return deliveriesOf(db, organizationId, id, 100);
}

/** Sends a delivery again, whatever became of it. Throws `not-found`. */
export async function sendAgain(
  { db, jobs }: WebhookDeps,
  viewer: Viewer,
  { id, deliveryId }: { id: string; deliveryId: string },
): Promise<void> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await db.transaction().execute(async (trx) => {
    if (!(await renewDelivery(trx, organizationId, id, deliveryId))) {
      throw new RingsideError('not-found', 'This delivery is not there any more.');
    }
    await orderDelivery(jobs, trx, organizationId, deliveryId);
  });
}

function recordWebhook(
  trx: Database,
  viewer: Viewer,
  at: Date,
  action: string,
  { name, url, events, active }: WebhookInput,
): Promise<void> {
  // A path may hold a token of the receiver's.
  const detail = { host: new URL(url).host, events, active };
  return recordChange(trx, viewer.organizationId, {
    at,
    by: viewer,
    action,
    subject: name,
    detail,
  });
}

function noSuchWebhook(): RingsideError {
  return new RingsideError('not-found', 'There is no such webhook.');
}
