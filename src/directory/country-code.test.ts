import { expect, test } from 'vitest';
import { countryCode } from './country-code.ts';

test.each([
  ['DE', 'DE'],
  ['de', 'DE'],
  ['DEU', 'DE'],
  ['Germany', 'DE'],
  ['GERMANY', 'DE'],
  ['Deutschland', 'DE'],
  ['Allemagne', 'DE'],
  ['USA', 'US'],
  ['US', 'US'],
  ['U.S.A.', 'US'],
  ['United States', 'US'],
  ['United States of America', 'US'],
  ['GB', 'GB'],
  ['UK', 'GB'],
  ['United Kingdom', 'GB'],
  ['Österreich', 'AT'],
  ['Austria', 'AT'],
  ['Côte d’Ivoire', 'CI'],
  ["Cote d'Ivoire", 'CI'],
  ['Korea, Republic of', 'KR'],
  ['Czech Republic', 'CZ'],
  ['Türkiye', 'TR'],
  ['Brasil', 'BR'],
  ['México', 'MX'],
  ['The Netherlands', 'NL'],
  ['日本', 'JP'],
])('%s is %s', (text, code) => {
  expect(countryCode(text)).toBe(code);
});

test.each(['', ' ', 'Atlantis', 'XX', '__proto__', 'constructor', 'x'.repeat(10_000), '<script>'])(
  '%j is none',
  (text) => {
    expect(countryCode(text)).toBeNull();
  },
);
