import type { Choice, ChoiceField } from '../crm/record.ts';
import type { StoredChoices } from '../directory/choice-store.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';

type Picked = Partial<Record<ChoiceField, Choice>>;

/** What the API calls a field; the others have the same name. */
const inputNames: Partial<Record<ChoiceField, string>> = { assignmentGroup: 'assignmentGroupId' };

/**
 * Looks values up in the last known choice lists, and says which of them the CRM does not offer. A list that nobody could read takes
 * anything: then the CRM itself decides.
 */
export function pickChoices(
  lists: readonly StoredChoices[],
  wanted: Partial<Record<ChoiceField, string | null | undefined>>,
): { picked: Picked; faults: FieldError[] } {
  const picked: Picked = {};
  const faults: FieldError[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null || value === undefined || value === '') continue;
    const field = name as ChoiceField;
    const choices = lists.find((list) => list.field === field)?.choices ?? [];
    const found = choices.find((choice) => choice.value === value);
    if (found !== undefined || choices.length === 0)
      picked[field] = found ?? { value, label: value };
    else
      faults.push({
        field: inputNames[field] ?? field,
        message: 'ServiceNow does not offer this value.',
      });
  }
  return { picked, faults };
}

/** Throws `invalid-input` with the faults, if there are any. */
export function refuseFaults(faults: FieldError[]): void {
  if (faults.length === 0) return;
  throw new RingsideError('invalid-input', 'The case cannot be sent like this.', {
    fix: 'Look at the marked fields.',
    fields: faults,
  });
}
