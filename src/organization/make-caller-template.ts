import { RingsideError } from '../platform/errors.ts';
import type { CallerTemplate } from '../telephony/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import { renewPhoneSystemToken } from './change-phone-system.ts';
import type { PhoneSystemDeps } from './change-phone-system.ts';
import { phoneSystemsOf } from './phone-system-store.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

/**
 * The file that makes a phone system ask Ringside who calls, with a new address of its own in it; the old one stops at once.
 * Throws `not-found`, also for a kind that has no such file.
 */
export async function makeCallerTemplate(
  deps: PhoneSystemDeps,
  viewer: Viewer,
  id: string,
  urlOf: (path: string) => string,
): Promise<CallerTemplate> {
  requireRole(viewer, 'administrator');
  const systems = await phoneSystemsOf(deps.db, viewer.organizationId);
  const system = systems.find((one) => one.id === id);
  const kind = system && phoneSystemKind(system.kind);
  if (!kind?.callerTemplate)
    throw new RingsideError('not-found', 'This phone system takes no CRM template.', {
      fix: 'Only a 3CX does.',
    });
  const { token } = await renewPhoneSystemToken(deps, viewer, id);
  const reportUrl = urlOf(`/hooks/phone/${token}`);
  return kind.callerTemplate({ reportUrl, lookupUrl: `${reportUrl}/contacts` });
}
