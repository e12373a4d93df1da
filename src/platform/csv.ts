import papaparse from 'papaparse';

/**
 * Rows as CSV (RFC 4180: commas, CR LF, quotes where needed) under a line of titles. A cell that a spreadsheet would take for a
 * formula is told apart with an apostrophe, since it may hold what a stranger sent.
 */
export function csvOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const text = papaparse.unparse(
    { fields: [...titles], data: rows.map((row) => [...row]) },
    {
      escapeFormulae: true,
      newline: '\r\n',
    },
  );
  return `${text}\r\n`;
}
