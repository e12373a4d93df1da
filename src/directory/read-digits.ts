import { countriesOf, planOf, typeOf } from './numbering-plan.ts';
import type { NumberingPlan } from './numbering-plan.ts';

/** A number as its country's plan understands it; not necessarily a valid one. */
export interface DigitNumber {
  /** `+`, calling code and national number. */
  number: string;
  callingCode: string;
  national: string;
  /** ISO 3166 alpha-2; null where the calling code belongs to no country, or to several that do not know it. */
  country: string | null;
  /** libphonenumber's name of what it is ('MOBILE'); null: in no known range. */
  type: string | null;
  /** A number may have so many digits. */
  possible: boolean;
}

const fewestDigits = 2;
const [fewestNational, mostNational] = [2, 17];

/**
 * Reads an optional `+` and ASCII digits, nothing else, as libphonenumber's `parse` does, five times
 * as fast (a first pull of a million contacts reads some two million numbers). Without `+` the
 * number is dialled in `country`. Null when it cannot be one. That both read alike is tested over
 * all countries.
 */
export function readDigits(spelling: string, country?: string): DigitNumber | null {
  const home = country === undefined ? null : planOf(country);
  if (spelling.replace('+', '').length < fewestDigits) return null;
  if (country !== undefined && home === null) return null;
  const { callingCode, rest } = withoutCallingCode(spelling, home);
  if (rest === '') return null;
  const plan = callingCode === null ? home : planOf(callingCode);
  if (plan === null) return null;
  const national = withoutNationalPrefix(rest, plan);
  if (national.length < fewestNational || national.length > mostNational) return null;
  const own = callingCode === null ? (country ?? null) : null;
  const exact = countryOf(plan.callingCode, national) ?? own;
  const exactPlan = exact === null ? planOf(plan.callingCode) : planOf(exact);
  return {
    number: `+${plan.callingCode}${national}`,
    callingCode: plan.callingCode,
    national,
    country: exact,
    type: exactPlan === null ? null : typeOf(exactPlan, national),
    possible: exactPlan?.lengths.includes(national.length) ?? false,
  };
}

/** `callingCode` is null for a number that is dialled at home; `rest` is '' when it is none at all. */
function withoutCallingCode(
  spelling: string,
  home: NumberingPlan | null,
): { callingCode: string | null; rest: string } {
  if (spelling.startsWith('+')) return international(spelling.slice(1));
  if (home === null) return { callingCode: null, rest: '' };
  const exit = home.exitCode.exec(spelling)?.[0].length ?? 0;
  const after = exit === 0 ? '' : spelling.slice(exit);
  if (after !== '' && !after.startsWith('0')) return international(after);
  return lostPlus(spelling, home)
    ? { callingCode: home.callingCode, rest: spelling.slice(home.callingCode.length) }
    : { callingCode: null, rest: spelling };
}

function international(digits: string): { callingCode: string | null; rest: string } {
  for (let length = 1; length <= 3 && length <= digits.length; length += 1) {
    const code = digits.slice(0, length);
    if (!code.startsWith('0') && planOf(code) !== null)
      return { callingCode: code, rest: digits.slice(length) };
  }
  return { callingCode: null, rest: '' };
}

/** The country's own calling code stands in front, and only without it is this a number. */
function lostPlus(digits: string, home: NumberingPlan): boolean {
  if (!digits.startsWith(home.callingCode)) return false;
  const whole = withoutNationalPrefix(digits, home);
  const shorter = withoutNationalPrefix(digits.slice(home.callingCode.length), home);
  if (!home.pattern.test(whole) && home.pattern.test(shorter)) return true;
  return whole.length > (home.lengths.at(-1) ?? 0);
}

function withoutNationalPrefix(digits: string, plan: NumberingPlan): string {
  const prefix = plan.nationalPrefix;
  const found = prefix?.pattern.exec(digits) ?? null;
  if (prefix === null || found === null) return digits;
  // The last group of the pattern holds what is kept.
  const kept = found.length > 1 && Boolean(found.at(-1));
  const national =
    prefix.transform !== null && kept
      ? digits.replace(prefix.pattern, prefix.transform)
      : digits.slice(found[0].length);
  if (national === digits) return digits;
  if (plan.pattern.test(digits) && !plan.pattern.test(national)) return digits;
  const country = countryOf(plan.callingCode, national);
  const { lengths } = (country === null ? null : planOf(country)) ?? plan;
  const tooLong = national.length > (lengths.at(-1) ?? 0);
  return lengths.includes(national.length) || tooLong ? national : digits;
}

/** Which of the countries that share a calling code a number belongs to; null when that cannot be told. */
function countryOf(callingCode: string, national: string): string | null {
  const countries = countriesOf(callingCode);
  if (countries.length < 2) return countries[0] ?? null;
  return (
    countries.find((country) => {
      const plan = planOf(country);
      if (plan === null) return false;
      return plan.leadingDigits === null
        ? typeOf(plan, national) !== null
        : plan.leadingDigits.test(national);
    }) ?? null
  );
}
