import type { Role } from './plan.ts';

/** Who must have a second factor, by the organization's setting. */
export const secondFactorChoices = ['nobody', 'administrators', 'everyone'] as const;
export type SecondFactorFor = (typeof secondFactorChoices)[number];

export function needsSecondFactor(setting: SecondFactorFor, role: Role): boolean {
  return setting === 'everyone' || (setting === 'administrators' && role === 'administrator');
}
