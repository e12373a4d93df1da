import { poolNumber, type City, type Country } from './country.ts';
import { extensionStyles, junkNumbers, writeNumber, type NumberParts } from './phone-writing.ts';
import { hash, pick, stream } from './random.ts';

/** One telephone field of one record: what stands there, and which number is meant by it (null: none, junk). */
export interface TypedPhone {
  raw: string;
  number: NumberParts | null;
  extension: string;
}

export const noPhone: TypedPhone = { raw: '', number: null, extension: '' };

const streams = { clerk: stream('clerk'), style: stream('style'), quirk: stream('quirk') };

/** The n-th line of a city. */
export function landline(country: Country, city: City, ordinal: number): NumberParts {
  return {
    callingCode: country.callingCode,
    trunk: country.trunk,
    area: city.area,
    subscriber: poolNumber(city.lines, ordinal),
  };
}

/** The n-th mobile number of a country. */
export function mobile(country: Country, ordinal: number): NumberParts {
  const digits = poolNumber(country.mobile, ordinal);
  const { callingCode, trunk, mobileAreaLength } = country;
  return {
    callingCode,
    trunk,
    area: digits.slice(0, mobileAreaLength),
    subscriber: digits.slice(mobileAreaLength),
  };
}

/**
 * Types a number as the clerk of this company does (6 times of 10) or in some other way that is usual in the country. `salt` tells the
 * fields of one record apart. At most 40 characters, as the instance's column has.
 */
export function typeNumber(
  number: NumberParts,
  styles: readonly string[],
  writer: { seed: number; clerk: number; salt: number },
  extension = '',
): TypedPhone {
  const { seed, clerk, salt } = writer;
  const habit = hash(seed, streams.style, salt) % 10 < 6;
  const style = habit
    ? pick(styles, hash(seed, streams.clerk, clerk))
    : pick(styles, hash(seed, streams.style, salt + 1));
  let raw = writeNumber(number, style);
  if (extension !== '')
    raw += pick(extensionStyles, hash(seed, streams.clerk, clerk + 1)).replace('{x}', extension);
  return { raw: withQuirk(raw, hash(seed, streams.quirk, salt)).slice(0, 40), number, extension };
}

/** Seldom there is something around a number: a note, a label, a space that is none. */
function withQuirk(raw: string, h: number): string {
  switch (h % 250) {
    case 0:
      return `${raw} (office)`;
    case 1:
      return `Tel. ${raw}`;
    case 2:
      return ` ${raw} `;
    case 3:
      return raw.replace(' ', '\u00a0');
    default:
      return raw;
  }
}

export function junkPhone(h: number): TypedPhone {
  return { raw: pick(junkNumbers, h), number: null, extension: '' };
}
