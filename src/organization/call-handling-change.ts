import type { FieldError } from '../platform/errors.ts';
import type { CallHandling } from './call-handling.ts';
import { features, unlocks } from './features.ts';
import type { Feature } from './features.ts';
import type { Plan } from './plan.ts';

/** Every reason why `after` must not replace `before`, each with the field of the document it belongs to. */
export function callHandlingErrors(
  before: CallHandling,
  after: CallHandling,
  plan: Plan | null,
): FieldError[] {
  const { wrapUp, caseTemplates, missedCalls, openingHours } = after;
  const templates = new Set(caseTemplates.map(({ id }) => id));
  return [
    ...locked(before.wrapUp.codes, wrapUp.codes, plan, 'wrap-up-codes', 'wrapUp.codes'),
    ...locked(before.caseTemplates, caseTemplates, plan, 'case-templates', 'caseTemplates'),
    ...lockedRules(before, after, plan),
    ...lockedPriorities(before, after, plan),
    ...twice(wrapUp.codes, (code) => code.label, 'wrapUp.codes', 'label'),
    ...twice(caseTemplates, (template) => template.name, 'caseTemplates', 'name'),
    ...(wrapUp.required && !wrapUp.codes.some((code) => code.active)
      ? [error('wrapUp.required', 'Nobody could finish: add a wrap-up code first.')]
      : []),
    ...(missedCalls.templateId !== null && !templates.has(missedCalls.templateId)
      ? [error('missedCalls.templateId', 'This template is not there any more.')]
      : []),
    ...(missedCalls.openCase && missedCalls.when !== 'always' && openingHours.length === 0
      ? [error('missedCalls.when', 'Say first when you are open.')]
      : []),
    ...openingHours.flatMap(({ from, to }, index) =>
      from < to ? [] : [error(`openingHours.${index}.to`, overMidnight)],
    ),
    ...outlives(after),
  ].map(({ field, message }) => ({ field: `callHandling.${field}`, message }));
}

const overMidnight =
  'Closing comes after opening. Hours over midnight are two: until 24:00, and from 00:00 of the next day.';

/** Notes and events go with their call at the latest. */
function outlives({ retention: { calls, ...parts } }: CallHandling): FieldError[] {
  if (calls === null) return [];
  return Object.entries(parts).flatMap(([part, days]) =>
    days === null || days <= calls
      ? []
      : [error(`retention.${part}`, `They go with their call, after ${calls} days.`)],
  );
}

function error(field: string, message: string): FieldError {
  return { field, message };
}

/** What was made while the plan was there may stay and go, but nothing is added or changed. */
function locked<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  plan: Plan | null,
  feature: Feature,
  field: string,
): FieldError[] {
  const known = new Map(before.map((one) => [one.id, JSON.stringify(one)]));
  const changed = after.some((one) => known.get(one.id) !== JSON.stringify(one));
  return changed ? needs(plan, feature, field) : [];
}

/** Without the plan the rules may only be switched off: they rest, and come back as they were with the plan. */
function lockedRules(before: CallHandling, after: CallHandling, plan: Plan | null): FieldError[] {
  const wanted = after.missedCalls;
  if (!wanted.openCase) return [];
  return JSON.stringify(before.missedCalls) === JSON.stringify(wanted)
    ? []
    : needs(plan, 'case-rules', 'missedCalls.openCase');
}

/** The same: rules may go without the plan, and none comes. */
function lockedPriorities(
  before: CallHandling,
  after: CallHandling,
  plan: Plan | null,
): FieldError[] {
  const known = new Set(before.priorities.map((rule) => JSON.stringify(rule)));
  const changed = after.priorities.some((rule) => !known.has(JSON.stringify(rule)));
  return changed ? needs(plan, 'call-priority', 'priorities') : [];
}

function needs(plan: Plan | null, feature: Feature, field: string): FieldError[] {
  if (unlocks(plan, feature)) return [];
  const { title, plan: needed } = features[feature];
  return [
    error(field, `${title}: this needs a seat of the ${needed} plan or a higher one. See Plans.`),
  ];
}

function twice<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  field: string,
  key: string,
): FieldError[] {
  const seen = new Set<string>();
  return all.flatMap((one, index) => {
    const name = nameOf(one).toLowerCase();
    if (!seen.has(name)) return seen.add(name) && [];
    return [error(`${field}.${index}.${key}`, `There are two called ${nameOf(one)}.`)];
  });
}
