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

export function writeNumber(number: NumberParts, style: string): string {
  return style.replace(/\{([^}]+)\}/g, (_, token: string) => {
    switch (token) {
      case 'cc':
        return number.callingCode;
      case 't':
        return number.trunk;
      case 'a':
        return number.area;
      case 's':
        return number.subscriber;
      case 'h':
        return number.subscriber.slice(0, -1);
      case 'd':
        return number.subscriber.slice(-1);
      default:
        return inGroups(number.subscriber, token);
    }
  });
}

/** `inGroups('5550123', '3-4')` is `555-0123`; digits left over go to the last group. */
function inGroups(digits: string, pattern: string): string {
  const parts = pattern.match(/[0-9]|[^0-9]+/g) ?? [];
  let at = 0;
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (!/[0-9]/.test(part)) text += at < digits.length ? part : '';
    else {
      const end = index === parts.length - 1 ? digits.length : at + Number(part);
      text += digits.slice(at, end);
      at = end;
    }
  }
  return text;
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
