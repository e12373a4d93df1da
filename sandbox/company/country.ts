/** What makes a country believable: names, places, companies, and how people there write telephone numbers. */
export interface Country {
  /** ISO 3166 alpha-2. */
  code: string;
  name: string;
  /** Country calling code without +. */
  callingCode: string;
  /** What is dialled before the area code within the country, '0' or ''. */
  trunk: string;
  language: string;
  timeZone: string;
  /** Share among companies, relative to the other countries. */
  weight: number;
  cities: City[];
  /** Mobile numbers, area part included. */
  mobile: NumberPool;
  /** Length of the part of a mobile number that is written like an area code. */
  mobileAreaLength: number;
  /** How numbers are typed; see `phone-writing.ts` for the placeholders. */
  landlineStyles: string[];
  mobileStyles: string[];
  female: string[];
  male: string[];
  last: string[];
  streets: string[];
  /** `{street}` and `{no}`. */
  address: string;
  companyPatterns: string[];
  companyWords: string[];
  titles: string[];
}

export interface City {
  name: string;
  state: string;
  /** Digits and `#` for any digit. */
  zip: string;
  /** Area code without trunk prefix. */
  area: string;
  /** Subscriber numbers of this city. */
  lines: NumberPool;
}

/**
 * Where numbers come from, first tier first: ranges reserved for fiction where the country has any, then made-up ones that are only
 * used when the reserved ones have run out. A number is a prefix followed by `digits` digits.
 */
export interface NumberTier {
  prefixes: string[];
  digits: number;
}
export type NumberPool = NumberTier[];

export function tier(digits: number, ...prefixes: string[]): NumberTier {
  return { prefixes, digits };
}

/** How many different numbers a pool holds. */
export function poolSize(pool: NumberPool): number {
  let size = 0;
  for (const { prefixes, digits } of pool) size += prefixes.length * 10 ** digits;
  return size;
}

/** The n-th number of a pool; starts again at the first one when the pool has run out. */
export function poolNumber(pool: NumberPool, ordinal: number): string {
  let rest = ordinal % poolSize(pool);
  for (const { prefixes, digits } of pool) {
    const span = 10 ** digits;
    if (rest < prefixes.length * span) {
      return prefixes[Math.floor(rest / span)]! + String(rest % span).padStart(digits, '0');
    }
    rest -= prefixes.length * span;
  }
  throw new RangeError('A number pool is empty.');
}
