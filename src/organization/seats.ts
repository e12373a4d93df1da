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
