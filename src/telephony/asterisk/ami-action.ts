import { RingsideError } from '../../platform/errors.ts';

/** Keys and values of an action, in order. */
export type ActionFields = Readonly<Record<string, string | readonly string[]>>;

const maxField = 4096;

/**
 * The bytes of an action. A line break in a value would start a second action of its own (four npm clients let that through),
 * so CR, LF and NUL are refused in every key and value. Throws RingsideError `invalid-input`.
 */
export function writeAction(fields: ActionFields, actionId: string): string {
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    [value].flat().map((one) => line(key, one)),
  );
  return `${[...lines, line('ActionID', actionId)].join('\r\n')}\r\n\r\n`;
}

function line(key: string, value: string): string {
  if (!/^[A-Za-z][\w-]*$/.test(key) || /[\r\n\0]/.test(value) || value.length > maxField)
    throw new RingsideError('invalid-input', 'This cannot be sent to the phone system.', {
      fix: 'Line breaks and NUL are not allowed in anything that is sent.',
      fields: [{ field: key.replace(/[^\w-]/g, '?').slice(0, 64), message: 'is not allowed' }],
    });
  return `${key}: ${value}`;
}
