import { Metadata } from 'libphonenumber-js/max';

/**
 * The numbering plan of a country, from libphonenumber's metadata, with its patterns compiled once:
 * the library makes them anew for every number, which is most of the time it takes.
 */
export interface NumberingPlan {
  /** Without `+`. */
  callingCode: string;
  /** Dialled before an international number. */
  exitCode: RegExp;
  /** Dialled before a national number, and what becomes of a number that has it; null: nothing is. */
  nationalPrefix: { pattern: RegExp; transform: string | null } | null;
  pattern: RegExp;
  /** Digits that a national number may have, fewest first. */
  lengths: readonly number[];
  /** Tells this country's numbers from those of others with its calling code; null: their types do. */
  leadingDigits: RegExp | null;
  types: readonly NumberType[];
}

interface NumberType {
  name: string;
  pattern: RegExp;
  lengths: readonly number[];
}

/** What the library's class can do beyond its declaration; what a plan lacks may come as 0. */
interface FullMetadata {
  selectNumberingPlan(countryOrCallingCode: string): void;
  hasCallingCode(code: string): boolean | undefined;
  hasCountry(country: string): boolean;
  getCountryCodesForCallingCode(code: string): string[] | undefined;
  countryCallingCode(): string;
  IDDPrefix(): string;
  nationalPrefixForParsing(): string | 0 | undefined;
  nationalPrefixTransformRule(): string | 0 | undefined;
  nationalNumberPattern(): string;
  possibleLengths(): number[];
  leadingDigits(): string | 0 | undefined;
  type(name: string): { pattern(): string; possibleLengths(): number[] } | undefined;
}
const metadata = new Metadata() as unknown as FullMetadata;

// In the order in which they are tried; a number is of the first that fits.
const typeNames = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
];

const plans = new Map<string, NumberingPlan | null>();
const countries = new Map<string, readonly string[]>();

/** The plan of a country (ISO 3166 alpha-2), or of the main country of a calling code; null when there is none. */
export function planOf(countryOrCode: string): NumberingPlan | null {
  let plan = plans.get(countryOrCode);
  if (plan === undefined) {
    const known = /^[A-Z]{2}$/.test(countryOrCode)
      ? metadata.hasCountry(countryOrCode)
      : /^\d{1,3}$/.test(countryOrCode) && metadata.hasCallingCode(countryOrCode) === true;
    plans.set(countryOrCode, (plan = known ? compile(countryOrCode) : null));
  }
  return plan;
}

/** The countries that share a calling code, the main one first; none for one that belongs to no country. */
export function countriesOf(callingCode: string): readonly string[] {
  let found = countries.get(callingCode);
  if (found === undefined)
    countries.set(callingCode, (found = metadata.getCountryCodesForCallingCode(callingCode) ?? []));
  return found;
}

/** Of which type a national number is, by its plan; null when it is of none and so not valid. */
export function typeOf(plan: NumberingPlan, national: string): string | null {
  if (!plan.pattern.test(national)) return null;
  for (const { name, pattern, lengths } of plan.types) {
    if (!lengths.includes(national.length) || !pattern.test(national)) continue;
    if (name !== 'FIXED_LINE') return name;
    const mobile = plan.types.find((type) => type.name === 'MOBILE');
    const both =
      mobile === undefined ||
      (mobile.lengths.includes(national.length) && mobile.pattern.test(national));
    return both ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE';
  }
  return null;
}

function compile(countryOrCode: string): NumberingPlan {
  metadata.selectNumberingPlan(countryOrCode);
  const prefix = metadata.nationalPrefixForParsing() || null;
  const leading = metadata.leadingDigits() || null;
  return {
    callingCode: metadata.countryCallingCode(),
    exitCode: beginning(metadata.IDDPrefix()),
    nationalPrefix:
      prefix === null
        ? null
        : {
            pattern: beginning(prefix),
            transform: metadata.nationalPrefixTransformRule() || null,
          },
    pattern: whole(metadata.nationalNumberPattern()),
    lengths: metadata.possibleLengths(),
    leadingDigits: leading === null ? null : beginning(leading),
    types: typeNames.flatMap((name) => {
      const type = metadata.type(name);
      if (type === undefined || type.pattern() === '') return [];
      return [{ name, pattern: whole(type.pattern()), lengths: type.possibleLengths() }];
    }),
  };
}

const beginning = (pattern: string) => new RegExp(`^(?:${pattern})`);
const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
