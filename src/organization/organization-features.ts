import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { features, unlocks } from './features.ts';
import type { Feature } from './features.ts';
import { seatTotals } from './organization-store.ts';
import type { SeatTotals } from './organization-store.ts';
import { plans } from './plan.ts';
import type { Plan } from './plan.ts';

/** What works for everybody in an organization is decided by the highest plan that it holds a seat of; null when it holds none. */
export function organizationPlan(seats: SeatTotals): Plan | null {
  return plans.findLast((plan) => seats[plan] > 0) ?? null;
}

export async function organizationUnlocks(
  db: Database,
  organizationId: string,
  feature: Feature,
): Promise<boolean> {
  return unlocks(organizationPlan(await seatTotals(db, organizationId)), feature);
}

/** Throws `plan-required` when the organization holds no seat of a plan that has the feature. */
export async function requireOrganizationFeature(
  db: Database,
  organizationId: string,
  feature: Feature,
): Promise<void> {
  if (await organizationUnlocks(db, organizationId, feature)) return;
  const { title, plan } = features[feature];
  throw new RingsideError(
    'plan-required',
    `${title}: this needs a seat of the ${plan} plan or a higher one in your organization.`,
    { fix: `Add a seat under Manage Organization > Plans.` },
  );
}
