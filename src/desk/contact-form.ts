import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import type { ContactForm } from './caller-contract.ts';
import { contactHome } from './contact-home.ts';
import { lastRefusal } from './contact-form-store.ts';
import { ownCall } from './own-call.ts';

/** What the form of a new contact needs to know. Throws `plan-required`, `permission-required`, `not-found`, `conflict` while no CRM is connected. */
export async function contactForm(
  db: Database,
  viewer: Viewer,
  callId: string,
): Promise<ContactForm> {
  requireFeature(viewer, 'contacts');
  requirePermission(viewer, 'create-contacts');
  const { organizationId } = viewer;
  await ownCall(db, viewer, callId);
  const { connectionId, people } = await contactHome(db, organizationId, null);
  const place = { organizationId, connectionId };
  const sizeOf = (field: string): number =>
    people.fields.contact.find(({ name }) => name === field)?.size ?? 0;
  return {
    fields: people.fields.contact.flatMap(({ name, label }) =>
      name === 'email' || name === 'title' ? [] : [{ name, label }],
    ),
    sizes: { ...people.sizes, email: sizeOf('email'), title: sizeOf('title') },
    refused: {
      company: await lastRefusal(db, place, 'create-customer'),
      contact: await lastRefusal(db, place, 'create-contact'),
    },
  };
}
