import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** More would make the query's URL too long. */
const most = 40;

/**
 * The ways in which people write a number that is given as E.164: international and national, with blanks, hyphens,
 * dots, brackets or nothing between its groups. A CRM that cannot search by digits is asked for these.
 */
export function numberVariants(e164: string): string[] {
  const number = parsePhoneNumberFromString(e164);
  if (number === undefined) return [e164];
  const international = number.formatInternational();
  const national = number.formatNational();
  const code = `+${number.countryCallingCode}`;
  const inland = international.slice(code.length).trim();
  const groups = national
    .replace(/[()]/g, '')
    .split(/[\s\-./]+/)
    .filter(Boolean);
  const [area = '', ...rest] = groups;
  const bare = digitsOf(national);
  const joined = (separator: string) => groups.join(separator);
  const zero = bare.startsWith('0') ? [`${code} (0)${bare.slice(1)}`, `${code} (0) ${inland}`] : [];
  const grouped =
    rest.length === 0
      ? []
      : [
          `(${area}) ${rest.join('-')}`,
          `(${area}) ${rest.join(' ')}`,
          `(${area})${rest.join('-')}`,
          `(${area}) ${rest.join('')}`,
          `${area} ${rest.join('')}`,
          `${area}-${rest.join('')}`,
          `${area}/${rest.join('')}`,
          `${area} / ${rest.join(' ')}`,
          `${code} (${area.replace(/^0/, '')}) ${rest.join('-')}`,
          `${code} (${area.replace(/^0/, '')}) ${rest.join(' ')}`,
          `${code} ${area.replace(/^0/, '')} ${rest.join('')}`,
          `${code} ${area.replace(/^0/, '')}-${rest.join('-')}`,
          `${code}-${area.replace(/^0/, '')}-${rest.join('-')}`,
        ];
  const all = [
    e164,
    international,
    national,
    bare,
    joined('-'),
    joined(' '),
    joined('.'),
    international.replaceAll(/[\s-]+/g, '-'),
    international.replaceAll(/[\s-]+/g, '.'),
    international.replaceAll(/[\s-]+/g, ' '),
    `${code} ${digitsOf(inland)}`,
    `00${e164.slice(1)}`,
    `00${international.slice(1)}`,
    e164.slice(1),
    ...grouped,
    ...zero,
  ];
  return [...new Set(all)].slice(0, most);
}

const digitsOf = (text: string) => text.replaceAll(/\D/g, '');
