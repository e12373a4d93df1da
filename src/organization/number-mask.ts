import { includesRole } from './plan.ts';
import type { Role } from './plan.ts';

/** From whom the organization hides telephone numbers; `supervisors` means agents and supervisors. Administrators see them. */
export const numberMaskChoices = ['nobody', 'agents', 'supervisors'] as const;
export type NumbersMaskedFor = (typeof numberMaskChoices)[number];

/** Whether somebody with this role sees of a number only its last digits. */
export function masksNumbers(setting: NumbersMaskedFor, role: Role): boolean {
  if (setting === 'nobody' || includesRole(role, 'administrator')) return false;
  return setting === 'supervisors' || !includesRole(role, 'supervisor');
}
