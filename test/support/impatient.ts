import type { CrmPlatform } from '../../src/crm/port.ts';
import { crmPlatforms } from '../../src/crm/registry.ts';

/** As ServiceNow is connected everywhere, but a request counts as lost after so long. */
export const impatient = (timeoutMs: number): CrmPlatform[] =>
  crmPlatforms.map((platform) => ({
    ...platform,
    connect: (settings, secrets, options) =>
      platform.connect(settings, secrets, { ...options, timeoutMs }),
  }));
