import { isBlank } from './blank-number.ts';
import { numberOfUri } from './phone-uri.ts';
import { readableText } from './readable-text.ts';

/**
 * What people and machines write where a telephone number belongs, taken apart: URIs, labels,
 * several numbers in one field, extensions, foreign digits. Nothing here knows a country;
 * `phone-number.ts` decides what the digits mean. All work is bounded: only the first 200
 * characters are looked at.
 */

/** One number of a text. */
export interface PhoneText {
  /**
   * How it may be meant, likeliest first: an optional `+` and ASCII digits, nothing else. Empty: no
   * one can dial this.
   */
  spellings: string[];
  /** Digits written with letters (1-800-FLOWERS) as digits, or null. */
  vanity: string | null;
  /** Starts with a bracket or a zero, so it is no international number that lost its `+`. */
  national: boolean;
  /** Digits of the extension, '' when none is given. */
  extension: string;
}

const mostNumbers = 4;
const unreadable: PhoneText = { spellings: [], vanity: null, national: false, extension: '' };

/** Nearly every field: one number, and nothing else that would have to be taken apart. */
const oneNumber = /^[+(]?\d[\d ().-]*$/;
const isNational = (text: string) => /^[^\d+]*\(\s*\d|^\D*0/.test(text);

const hostile = /[\^=<>{}$`\\]|:\/\//;
const extensionWords =
  'extension|extn|ext|xtn|xt|x|durchwahl|dw|nebenstelle|nst|apparat|app|poste|interno|int|anexo|ramal|toestel|tst|anknytning|ankn|доб|вн|внутр';
const extensionAtEnd = new RegExp(
  `(?:(?<!\\p{L})(?:${extensionWords})(?!\\p{L})[.:\\s-]*|#\\s*)\\(?(\\d{1,7})\\)?[#\\s.]*$`,
  'iu',
);

/**
 * The extension at the end of a text, and the text before it; at least five digits stand there:
 * 'x12' alone is none.
 */
function withoutExtension(text: string): { text: string; extension: string } {
  const found = /[\p{L}#]/u.test(text) ? extensionAtEnd.exec(text) : null;
  const before = found === null ? '' : text.slice(0, found.index).replace(/\($/, '');
  if (found === null || digitCount(before) < 5) return { text, extension: '' };
  return { text: before, extension: found[1] ?? '' };
}

/**
 * The numbers of a text, at most four. None at all when it is empty or says 'anonymous', 'n/a' and
 * the like.
 */
export function phoneTexts(raw: string): PhoneText[] {
  const text = readableText(raw);
  if (isBlank(text)) return [];
  if (oneNumber.test(text))
    return [
      { spellings: spellingsOf(text), vanity: null, national: isNational(text), extension: '' },
    ];
  const uri = numberOfUri(text);
  if (uri === null) return [unreadable];
  if (isBlank(uri.text)) return [];
  if (hostile.test(uri.text)) return [unreadable];
  // *67 and #31# are dialled before a number to hide one's own.
  const number = uri.text.replace(/^[*#]\d{1,3}[*#\s]+/, '');
  const { text: written, extension } = withoutExtension(number);
  const segments = numberSegments(written);
  if (segments.length === 0) return [{ ...unreadable, vanity: vanityDigits(uri.text) }];
  return segments.map((segment, index) => ({
    spellings: spellingsOf(segment),
    vanity: segments.length === 1 ? vanityDigits(uri.text) : null,
    national: isNational(segment),
    extension: index === segments.length - 1 ? extension || uri.extension : '',
  }));
}

/** Whether a caller hides or the phone system does not know the number. */
export function isAnonymous(raw: string): boolean {
  const text = readableText(raw);
  return isBlank(text) || isBlank(numberOfUri(text)?.text ?? text);
}

/**
 * Runs of digits and signs that can be numbers of their own; a single short one is kept too, so
 * that it can be told from nothing.
 */
function numberSegments(text: string): string[] {
  const pieces = text
    .split(/(?:\p{L}|[;,|&*#:?!"'_~])+/u)
    .flatMap((piece) => piece.split(/(?=\+)(?<=\d.*)/))
    .flatMap(splitAtSlashes)
    .filter((piece) => /\d/.test(piece));
  if (pieces.length < 2) return pieces;
  const long = pieces.filter((piece) => digitCount(piece) >= 7 || /^\D*\+/.test(piece));
  if (long.length > 0) return long.slice(0, mostNumbers);
  return pieces.toSorted((a, b) => digitCount(b) - digitCount(a)).slice(0, 1);
}

/** '030 1234567 / 0171 1234567' is two numbers, '030/1234567' is one. */
function splitAtSlashes(piece: string): string[] {
  const parts = piece.split('/');
  return parts.length > 1 && parts.every((part) => digitCount(part) >= 7) ? parts : [piece];
}

function digitCount(text: string): number {
  return text.replace(/\D/g, '').length;
}

/**
 * '+49 (0)30 …' means +49 30 …, but in Italy the zero belongs to the number, so that spelling
 * stands second.
 */
function spellingsOf(segment: string): string[] {
  const digits = segment.replace(/\D/g, '');
  if (digits === '') return [];
  const international = /^\D*\+/.test(segment) || /^\D*00/.test(segment);
  const spelled = /^\D*\+/.test(segment) ? withoutZerosAfterPlus(digits) : digits;
  const bracketed = /\(\s*0\s*\)/g;
  if (!international || segment.search(bracketed) < 0) return [spelled];
  return [...spellingsOf(segment.replaceAll(bracketed, ' ')), spelled];
}

/** '+0049…' is +49…, '+030…' is a national number that somebody decorated. */
function withoutZerosAfterPlus(digits: string): string {
  if (digits.startsWith('00')) return `+${digits.replace(/^0+/, '')}`;
  return digits.startsWith('0') ? digits : `+${digits}`;
}

const keypad = '22233344455566677778889999';
const vanity = /^\+?\(?\d[\d\s().-]{1,11}[A-Z](?:[\s.-]?[A-Z\d]){2,13}$/i;

/**
 * '1-800-FLOWERS' as digits: a few digits first, then letters. Null when the text does not look
 * like that.
 */
function vanityDigits(text: string): string | null {
  const letters = text.replace(/[^a-z]/gi, '').length;
  if (letters < 3 || letters > 10 || !vanity.test(text)) return null;
  const digits = text.replace(/[^a-z\d]/gi, '').replace(/[a-z]/gi, (letter) => {
    return keypad.charAt((letter.toLowerCase().codePointAt(0) ?? 97) - 97);
  });
  return digits.length >= 8 && digits.length <= 14
    ? text.startsWith('+')
      ? `+${digits}`
      : digits
    : null;
}
