import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { PhoneSystemTest } from './contract.ts';
import { linkedPhoneSystems, openPhoneSecrets } from './phone-system-store.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

const patienceMs = 14_000;

/** Connects to a phone system once, beside the link that may be up, and tells what was found step by step. */
export async function testPhoneSystem(
  deps: { db: Database; secretBox: SecretBox },
  viewer: Viewer,
  id: string,
): Promise<PhoneSystemTest> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const [system] = await linkedPhoneSystems(deps.db, { organizationId, id });
  const link = system && phoneSystemKind(system.kind)?.link;
  if (!system || !link) {
    throw new RingsideError('not-found', 'There is nothing to connect to.', {
      fix: 'Fill in the settings of the phone system and Save first. A webhook cannot be tested: it calls Ringside.',
    });
  }
  const secrets = openPhoneSecrets(deps.secretBox, system);
  const steps: PhoneSystemTest['steps'] = [];
  for await (const step of link.test(system.settings, secrets, AbortSignal.timeout(patienceMs)))
    steps.push(step);
  return { ok: steps.every(({ status }) => status === 'pass' || status === 'warn'), steps };
}
