const longest = 200;
const ascii = /^[\x20-\x7e]*$/;

/**
 * Plain ASCII wherever that is possible: full-width and other scripts' digits, odd spaces and
 * dashes, invisible marks. Only the first 200 characters: nothing longer is a number.
 */
export function readableText(raw: string): string {
  const text = raw.length > longest ? raw.slice(0, longest) : raw;
  if (ascii.test(text)) return text.trim();
  return text
    .toWellFormed()
    .normalize('NFKC')
    .slice(0, longest)
    .replace(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, ';')
    .replace(/\p{Z}/gu, ' ')
    .replace(/\p{Pd}|\u2212/gu, '-')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .trim();
}

/**
 * Decimal digits of a script stand in a row from 0 to 9; the first one below which there is no
 * digit is its zero.
 */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
