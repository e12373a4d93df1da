import { RingsideError } from './errors.ts';

/** An error for the terminal: what is wrong, field by field, and how to mend it. An unforeseen one keeps its stack. */
export function errorText(error: unknown): string {
  if (!(error instanceof RingsideError)) {
    return `Unexpected fault, please report it: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const lines = [
    error.message,
    ...error.fields.map(({ field, message }) => `  ${field}: ${message}`),
  ];
  if (error.fix !== undefined) lines.push(error.fix);
  return lines.join('\n');
}
