import { RingsideError } from '../platform/errors.ts';
import { includesPlan } from './plan.ts';
import type { Plan } from './plan.ts';

interface FeatureFacts {
  /** The lowest plan that has it. */
  plan: Plan;
  /** `person`: whoever uses it needs the plan; `organization`: it works for all once the organization holds a seat of the plan. */
  scope: 'person' | 'organization';
  /** What it is, to follow 'This needs …' and to stand in a table of plans. */
  title: string;
}

/** What each plan unlocks: the one table that the server enforces and the screens explain. */
export const features = {
  connections: { plan: 'View', scope: 'organization', title: 'Connections to a CRM' },
  pull: { plan: 'View', scope: 'organization', title: 'Pulling its data' },
  'screen-pops': { plan: 'View', scope: 'person', title: 'Screen pops' },
  notes: { plan: 'View', scope: 'person', title: 'Notes' },
  cases: { plan: 'View', scope: 'person', title: 'Opening and tagging cases' },
  contacts: { plan: 'View', scope: 'person', title: 'Attaching numbers and creating contacts' },
  'click-to-call': { plan: 'View', scope: 'person', title: 'Click-to-call' },
  history: { plan: 'View', scope: 'person', title: 'Call history' },
  teams: { plan: 'Core', scope: 'organization', title: 'Teams' },
  'case-templates': { plan: 'Core', scope: 'person', title: 'Case templates' },
  'missed-calls': { plan: 'Core', scope: 'person', title: 'Missed-call lists' },
  'wrap-up-codes': { plan: 'Core', scope: 'person', title: 'Wrap-up codes' },
  'case-rules': {
    plan: 'Engage',
    scope: 'organization',
    title: 'Rules that open cases by themselves',
  },
  'call-priority': {
    plan: 'Engage',
    scope: 'organization',
    title: 'Call handling by priority',
  },
  'webhooks-out': { plan: 'Engage', scope: 'organization', title: 'Webhooks out' },
  'api-keys': { plan: 'Enterprise', scope: 'organization', title: 'API keys' },
  'single-sign-on': { plan: 'Enterprise', scope: 'organization', title: 'Single sign-on' },
  'audit-export': { plan: 'Enterprise', scope: 'organization', title: 'Export of the audit log' },
} as const satisfies Record<string, FeatureFacts>;
export type Feature = keyof typeof features;

/** Whether a plan unlocks a feature; null is no plan. */
export function unlocks(plan: Plan | null, feature: Feature): boolean {
  return includesPlan(plan, features[feature].plan);
}

/** Throws `plan-required` when the person's own plan lacks a feature of scope `person`. */
export function requireFeature(viewer: { plan: Plan | null }, feature: Feature): void {
  if (unlocks(viewer.plan, feature)) return;
  const { title, plan } = features[feature];
  throw new RingsideError(
    'plan-required',
    `${title}: this needs the ${plan} plan or a higher one; ${viewer.plan === null ? 'you have no plan' : `yours is ${viewer.plan}`}.`,
    { fix: 'Ask an administrator of your organization to give you a seat.' },
  );
}
