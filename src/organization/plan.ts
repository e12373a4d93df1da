/** The plans, in rising order: each includes what those before it have. */
export const plans = ['View', 'Core', 'Engage', 'Enterprise'] as const;
export type Plan = (typeof plans)[number];

/** Roles, each above the one before. */
export const roles = ['agent', 'supervisor', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Whether somebody with `plan` may use what needs `needed`. */
export function includesPlan(plan: Plan | null, needed: Plan): boolean {
  return plan !== null && plans.indexOf(plan) >= plans.indexOf(needed);
}

export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
