import type { CrmPlatform } from './port.ts';
import { servicenow } from './servicenow/platform.ts';

/** Every CRM platform that Ringside knows. A new one is a folder beside `servicenow/` and a line here. */
export const crmPlatforms: readonly CrmPlatform[] = [servicenow];

/** The platform with this id, or null. */
export function crmPlatform(id: string): CrmPlatform | null {
  return crmPlatforms.find((platform) => platform.id === id) ?? null;
}
