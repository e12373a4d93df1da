import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * Telephone numbers as somebody sees them who may see only their last digits: `+49 ••• ••• 1234`. Masking happens where something leaves
 * the hub, never in the stores.
 */

const hidden = '••• •••';

/** Whether a text holds a masked number: nobody can have meant to store that. */
export const isMasked = (text: string): boolean => text.includes('•');

const uuid = /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/u;
const sysId = /(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])/u;
const date = /(?<![\d+-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)/u;
/** CS0001234 */
const recordNumber = /(?<![\p{L}\p{Nd}])[A-Z]{2,10}\d{7,10}(?![\p{L}\p{Nd}])/u;
/** Seven digits or more, however they are written: rather an order number too many than a telephone number too few. */
const number = /\p{Nd}(?:[\p{Zs}\t().\-/\p{Pd}_]{0,3}\p{Nd}){6,}/u;
const kept = [uuid, sysId, date, recordNumber].map(({ source }) => source).join('|');
const anyNumber = new RegExp(`(${kept})|(?:\\+[ (]{0,2}|\\((?!${kept}))?${number.source}`, 'gu');

/** A text of any kind, with whatever looks like a telephone number in it masked. Masking it again changes nothing. */
export function maskText(text: string): string {
  return maskEach(text, () => undefined);
}

/**
 * A masked text after somebody edited it, with the numbers put back that `original` has behind the masks. What is masked even then was
 * changed by hand: see isMasked.
 */
export function unmaskText(edited: string, original: string): string {
  const behind = new Map<string, string[]>();
  maskEach(original, (found, masked) => {
    behind.set(masked, [...(behind.get(masked) ?? []), found]);
  });
  if (behind.size === 0) return edited;
  // The longest first: one may be the end of another.
  const masks = [...behind.keys()].toSorted((a, b) => b.length - a.length);
  const any = new RegExp(
    masks.map((mask) => mask.replaceAll(/[+(]/g, String.raw`\$&`)).join('|'),
    'gu',
  );
  return edited.replaceAll(any, (mask) => {
    const numbers = behind.get(mask) ?? [];
    return (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? mask;
  });
}

function maskEach(text: string, told: (found: string, masked: string) => void): string {
  if (text.length < 7) return text;
  // How a candidate's reason ends: with a number as the CRM has it, in letters maybe.
  const [, before = text, stored = ''] = /^(.*, as stored: )(.+)$/su.exec(text) ?? [];
  const masked = before.replaceAll(anyNumber, (found: string, keep?: string) => {
    if (keep !== undefined) return found;
    const open = found.startsWith('(') && !found.includes(')');
    const shown = (open ? '(' : '') + maskDigits(found);
    told(found, shown);
    return shown;
  });
  const end = maskNumber(stored);
  if (end !== stored) told(stored, end);
  return masked + end;
}

/** A text that is a telephone number, also one with letters; extensions and short codes stay. */
export function maskNumber(text: string): string {
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0;
  if (isMasked(text) || (digits < 5 && !/\p{L}/u.test(text))) return text;
  return maskDigits(text);
}

function maskDigits(text: string): string {
  const digits = text.match(/\p{Nd}/gu) ?? [];
  const code = text.trimStart().startsWith('+')
    ? parsePhoneNumberFromString(`+${digits.join('')}`)?.countryCallingCode
    : undefined;
  const national = digits.slice(code?.length ?? 0);
  const last = national.slice(national.length >= 7 ? -4 : -2).join('');
  return `${code === undefined ? '' : `+${code} `}${hidden} ${last}`;
}

type Seal = (e164: string) => string;
type Fields = Record<string, unknown>;

/**
 * A copy of what is about to be sent as JSON, with every telephone number in it masked, wherever it stands. `e164` fields carry what
 * `seal` makes of them, to be given back in their place. The viewer's own note stays as they typed it.
 */
export function maskNumbers(value: unknown, seal: Seal): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((one) => maskNumbers(one, seal));
  if (typeof value !== 'object' || value === null) return value;
  // Dates and the like say for themselves what they are as JSON.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return maskFields(value as Fields, seal);
}

function maskFields(fields: Fields, seal: Seal): Fields {
  if (isOwnNote(fields)) return fields;
  const special = specialFields(fields, seal);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name in special ? special[name] : maskNumbers(value, seal),
    ]),
  );
}

/** Fields of which more is known than that they are text. */
function specialFields(fields: Fields, seal: Seal): Fields {
  const { e164, raw, number: of, kind, phone, value, dialled, link } = fields;
  const special: Fields = {};
  if (typeof e164 === 'string') {
    const shown = maskDigits(e164);
    Object.assign(special, { e164: seal(e164), raw: shown, display: shown, number: shown });
  } else if (typeof raw === 'string' && !('e164' in fields)) {
    special['raw'] = maskNumber(raw);
  }
  if (typeof of === 'string' && typeof kind === 'string' && isParty(kind))
    special['number'] = maskNumber(of);
  if (phone === true && typeof value === 'string') special['value'] = maskNumber(value);
  // Which of the house's own numbers was called is nothing about the caller.
  if (fields['direction'] === 'inbound' && typeof dialled === 'string')
    special['dialled'] = dialled;
  if (typeof link === 'string' && /^https?:/.test(link)) special['link'] = link;
  return special;
}

const isParty = (kind: string): boolean => ['contact', 'consumer', 'customer'].includes(kind);

/** `ownNote` of desk/work-contract.ts. */
const isOwnNote = (fields: Fields): boolean =>
  typeof fields['text'] === 'string' && 'version' in fields && 'sent' in fields;
