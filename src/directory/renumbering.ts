/**
 * Numbers that changed their form for good. Old forms stay in address books for decades while
 * caller IDs show the new one, so both sides are brought to the new form. Only changes that hold
 * for every number of the pattern are here.
 */
const renumberings: [old: RegExp, now: string][] = [
  // Brazil: mobile numbers got a leading 9, the last states in 2016 (ANATEL). 7… stayed (trunked
  // radio), 2-5 are fixed lines.
  [/^\+55(\d\d)([689]\d{7})$/, '+55$19$2'],
  // Mexico: since August 2019 no 1 after +52, no 01, 044 or 045 before the ten digits (IFT).
  [/^\+52(?:1|01|044|045)(\d{10})$/, '+52$1'],
  // Benin: since 30 November 2024 every number starts with 01 (ARCEP Bénin).
  [/^\+229(\d{8})$/, '+22901$1'],
  // Viet Nam: mobile numbers lost a digit in 2018.
  [/^\+8416([2-9]\d{7})$/, '+843$1'],
  [/^\+84120(\d{7})$/, '+8470$1'],
  [/^\+84121(\d{7})$/, '+8479$1'],
  [/^\+84122(\d{7})$/, '+8477$1'],
  [/^\+84126(\d{7})$/, '+8476$1'],
  [/^\+84128(\d{7})$/, '+8478$1'],
  [/^\+84123(\d{7})$/, '+8483$1'],
  [/^\+84124(\d{7})$/, '+8484$1'],
  [/^\+84125(\d{7})$/, '+8485$1'],
  [/^\+84127(\d{7})$/, '+8481$1'],
  [/^\+84129(\d{7})$/, '+8482$1'],
  [/^\+84186(\d{7})$/, '+8456$1'],
  [/^\+84188(\d{7})$/, '+8458$1'],
  [/^\+84199(\d{7})$/, '+8459$1'],
];

const renumberedCountries = /^\+(?:55|52|229|84)/;

/** The form a number has today; the same text when nothing changed. Takes `+` and digits. */
export function renumbered(e164: string): string {
  if (!renumberedCountries.test(e164)) return e164;
  for (const [old, now] of renumberings) {
    if (old.test(e164)) return e164.replace(old, now);
  }
  return e164;
}

/**
 * What is compared when two numbers are compared, and what the index holds: E.164, but Argentine
 * mobile numbers without the 9. The 9 only says 'mobile' (from Argentina one dials 15 instead,
 * between mobiles nothing); the ten digits are unique without it.
 */
export function matchKey(e164: string): string {
  return e164.startsWith('+549') && e164.length === 14 ? `+54${e164.slice(4)}` : e164;
}
