import { plans } from './plan.ts';
import type { Plan } from './plan.ts';

/** Who runs the hub sells no seats: enough to begin with, changed at any time under Manage Organization. */
export const firstSeats: Record<Plan, number> = { View: 25, Core: 25, Engage: 25, Enterprise: 25 };

/** How many seats of each plan are taken: one for every active person who has it, invited people too. */
export function usedSeats(people: { plan: Plan | null; active: boolean }[]): Record<Plan, number> {
  const used = Object.fromEntries(plans.map((plan) => [plan, 0])) as Record<Plan, number>;
  for (const { plan, active } of people) if (active && plan !== null) used[plan] += 1;
  return used;
}

export function noSeatFree(plan: Plan, total: number): string {
  return `No ${plan} seat is free: ${total} of ${total} are used.`;
}

export const seatsInUse = (plan: Plan, used: number): string =>
  `${used} ${plan} ${used === 1 ? 'seat is' : 'seats are'} in use`;

/** Why `takers` cannot all have a seat of `plan`: the plan, its seats and how many are used; null when they can. */
export function tooFewSeats(
  organization: {
    people: readonly { plan: Plan | null; active: boolean }[];
    seats: readonly { plan: Plan; total: number }[];
  },
  takers: readonly { plan: Plan | null }[],
  plan: Plan,
): string | null {
  const total = organization.seats.find((seat) => seat.plan === plan)?.total ?? 0;
  const used = usedSeats([...organization.people])[plan];
  const wanted = takers.filter((person) => person.plan !== plan).length;
  const free = Math.max(0, total - used);
  if (wanted <= free) return null;
  return `Nothing was changed: ${plan} has ${total} seats, ${used} are used and ${free} free, and ${wanted} more are needed. Add seats above, or choose fewer people.`;
}
