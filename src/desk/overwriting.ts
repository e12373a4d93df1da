import { RingsideError } from '../platform/errors.ts';
import { maskNumber, maskText } from '../directory/mask-numbers.ts';
import type { CallerField } from './caller-contract.ts';

/** A change of a field that an agent asks for. */
export interface FieldChange {
  field: CallerField['name'];
  value: string;
  /** What stood there when they agreed to it. */
  replaces: string;
}

/**
 * Nobody overwrites what they have not seen: throws `conflict` with what stands in a field now when that is not what the agent agreed to
 * replace. `at` names the field of the request, or is given the place of the change. Of whom numbers are hidden, `replaces` is what they
 * saw of it.
 */
export function refuseOverwriting(
  standing: readonly CallerField[],
  changes: readonly FieldChange[],
  at: string | ((place: number) => string),
  { numbersMasked }: { numbersMasked: boolean },
): void {
  const errors = changes.flatMap(({ field, replaces, value }, place) => {
    const now = standing.find((one) => one.name === field);
    if (now === undefined || now.value === '' || [replaces, value].includes(now.value)) return [];
    if (numbersMasked && replaces === seenOf(now)) return [];
    const { pending } = now;
    const by = pending === null ? '' : ` ${pending.by ?? 'Somebody'} put it there a moment ago.`;
    const path = typeof at === 'string' ? at : at(place);
    return [{ field: path, message: `The ${now.label} is ${now.value} now.${by}` }];
  });
  const [first] = errors;
  if (first === undefined) return;
  throw new RingsideError('conflict', first.message, {
    fix: 'Look at it again, and overwrite it if it is to go.',
    fields: errors,
  });
}

const seenOf = ({ phone, value }: CallerField): string =>
  phone ? maskNumber(value) : maskText(value);
