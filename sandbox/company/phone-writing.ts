/**
 * Telephone numbers the way people type them into a CRM.
 *
 * Placeholders of a style: `{cc}` calling code, `{t}` trunk prefix, `{a}` area code, `{s}` subscriber number in one piece, `{h}` all of it but
 * the last digit, `{d}` the last digit, `{3-4}` (sizes and what stands between them) the subscriber number in groups.
 */
export interface NumberParts {
  callingCode: string;
  trunk: string;
  area: string;
  subscriber: string;
}

export function e164(number: NumberParts): string {
  return `+${number.callingCode}${number.area}${number.subscriber}`;
}

type Piece = (number: NumberParts) => string;

const compiled = new Map<string, Piece[]>();

export function writeNumber(number: NumberParts, style: string): string {
  let pieces = compiled.get(style);
  if (!pieces) {
    pieces = (style.match(/\{[^}]+\}|[^{]+/g) ?? []).map(compilePiece);
    compiled.set(style, pieces);
  }
  let text = '';
  for (const piece of pieces) text += piece(number);
  return text;
}

const named: Record<string, Piece> = {
  '{cc}': ({ callingCode }) => callingCode,
  '{t}': ({ trunk }) => trunk,
  '{a}': ({ area }) => area,
  '{s}': ({ subscriber }) => subscriber,
  '{h}': ({ subscriber }) => subscriber.slice(0, -1),
  '{d}': ({ subscriber }) => subscriber.slice(-1),
};

function compilePiece(token: string): Piece {
  if (!token.startsWith('{')) return () => token;
  return named[token] ?? groupPiece(token.slice(1, -1));
}

/** `3-4` writes 5550123 as `555-0123`; digits left over go to the last group. */
function groupPiece(pattern: string): Piece {
  const parts = pattern.match(/[0-9]|[^0-9]+/g) ?? [];
  return ({ subscriber }) => {
    let at = 0;
    let text = '';
    for (const [index, part] of parts.entries()) {
      const size = Number(part);
      if (Number.isNaN(size) || part === ' ') text += at < subscriber.length ? part : '';
      else {
        const end = index === parts.length - 1 ? subscriber.length : at + size;
        text += subscriber.slice(at, end);
        at = end;
      }
    }
    return text;
  };
}

/** Ways of adding an extension to a number. */
export const extensionStyles = [' ext. {x}', ' ext {x}', ' x{x}', ' Ext. {x}', ' #{x}', ';ext={x}'];

/** What stands in telephone fields and is no number. */
export const junkNumbers = [
  'n/a',
  'unknown',
  '-',
  'see notes',
  'TBD',
  '0',
  'call reception',
  '000000',
  'on request',
  'no phone',
  '+',
  'ask Maria',
  'e-mail only',
  '12',
];
