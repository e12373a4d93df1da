import { RingsideError } from '../platform/errors.ts';
import type { WriteAction } from './outbox.ts';

/** One value that a write carries. */
export interface WriteField {
  name: string;
  value: string;
  editable: boolean;
}

/** What a write would put into the CRM, for people. */
export function fieldsOf(action: WriteAction): WriteField[] {
  switch (action.kind) {
    case 'add-note':
      return [{ name: 'text', value: action.text, editable: true }];
    case 'log-call':
      return action.facts === undefined
        ? []
        : (['shortDescription', 'text', 'notes'] as const).map((name) => ({
            name,
            value: action.facts?.[name] ?? '',
            editable: true,
          }));
    default:
      return Object.entries(action.values)
        .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        .map(([name, value]) => ({ name, value, editable: !name.endsWith('Id') }))
        .toSorted((a, b) => Number(b.editable) - Number(a.editable));
  }
}

/** The action with other values. Throws `invalid-input` for a field that it does not have, or that cannot be edited. */
export function withFields(action: WriteAction, changes: Record<string, string>): WriteAction {
  const fields = fieldsOf(action);
  for (const name of Object.keys(changes)) {
    if (fields.some((field) => field.name === name && field.editable)) continue;
    throw new RingsideError(
      'invalid-input',
      'This write has no such field that could be changed.',
      {
        fix: `It has ${fields.flatMap((field) => (field.editable ? field.name : [])).join(', ') || 'none'}.`,
        fields: [{ field: `fields.${name}`, message: 'is none of them' }],
      },
    );
  }
  switch (action.kind) {
    case 'add-note':
      return { ...action, text: changes['text'] ?? action.text };
    case 'log-call':
      return action.facts === undefined
        ? action
        : { ...action, facts: { ...action.facts, ...changes } };
    default:
      return { ...action, values: { ...action.values, ...changes } } as WriteAction;
  }
}
