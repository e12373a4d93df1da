import type { CallHandling } from '../../../src/organization/call-handling.ts';
import { features, unlocks } from '../../../src/organization/features.ts';
import type { Feature } from '../../../src/organization/features.ts';
import { plans } from '../../../src/organization/plan.ts';
import { useForm } from './organization-context.ts';

/** One part of the document as it would be after Save, and how to change it. */
export function useCallHandling<P extends keyof CallHandling>(part: P) {
  const { draft, set, errors } = useForm();
  return {
    value: draft.callHandling[part],
    change: (value: CallHandling[P]) => set(`callHandling.${part}`, value),
    /** What is wrong with a field below the part, such as `codes.0.label`. */
    errorOf: (field: string): string | undefined => errors[`callHandling.${part}.${field}`],
    pathOf: (field: string): string => `callHandling.${part}.${field}`,
  };
}

/** Null when the organization holds a seat of a plan with the feature, else what it would need. */
export function useMissingPlan(feature: Feature): string | null {
  const { draft } = useForm();
  const held = plans.findLast(
    (plan) => (draft.seats.find((seat) => seat.plan === plan)?.total ?? 0) > 0,
  );
  if (unlocks(held ?? null, feature)) return null;
  const { title, plan } = features[feature];
  return `${title}: this comes with the ${plan} plan. Add a seat under Plans to use it.`;
}
