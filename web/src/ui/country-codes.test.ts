import { getCountries } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { countryCodes, countryOptions } from './country-codes.ts';

test('every country that a number can belong to is on offer', () => {
  expect(countryCodes).toEqual(getCountries().toSorted());
});

test('countries are listed by name', () => {
  const labels = countryOptions().map((option) => option.label);
  expect(labels[0]).toBe('Afghanistan');
  expect(labels).toContain('Germany');
  expect(labels.indexOf('Åland Islands')).toBeLessThan(labels.indexOf('Albania'));
});
