import { RingsideError } from '../platform/errors.ts';

/** What may be dialled at all: nothing else ever reaches a phone system, where more could start a second command. */
const dialable = /^\+?[0-9*#]{1,32}$/;

/** The number as it may be dialled, without spaces and marks. Throws `invalid-input`. */
export function readDialled(typed: string): string {
  const number = typed.replace(/[\s()./-]/g, '');
  if (dialable.test(number)) return number;
  throw new RingsideError('invalid-input', 'This number cannot be dialled.', {
    fix: 'Only digits, * and #, and a + in front; at most 32 of them.',
    fields: [{ field: 'number', message: 'has something else than digits, * and # in it' }],
  });
}
