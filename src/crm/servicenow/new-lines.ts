/** The lines of a text that an earlier one did not have. */
export function newLines(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n')
    .trim();
}
