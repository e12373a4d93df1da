import { expect, test } from 'vitest';
import { placeZone } from './time-zone.ts';
import { areaZones, cityZones, mainZones } from './zone-tables.ts';

const winter = new Date('2026-11-23T12:00:00Z');
const zone = (
  city: string,
  country: string,
  e164: string | null = null,
  of: string | null = null,
) => placeZone({ city, country, number: { e164, country: of } }, winter);

test.each([
  ['Hamburg', 'DE', null, null, 'Europe/Berlin', 'country'],
  ['', 'Deutschland', '+12125550123', 'US', 'Europe/Berlin', 'country'],
  ['Chicago', 'United States', '+12125550123', 'US', 'America/Chicago', 'city'],
  ['São Paulo', 'BR', null, null, 'America/Sao_Paulo', 'city'],
  ['St. Louis', 'US', null, null, 'America/Chicago', 'city'],
  ['Smallville', 'US', '+12125550123', 'US', 'America/New_York', 'number'],
  ['', '', '+4930123456', 'DE', 'Europe/Berlin', 'number'],
  ['', '', '+61889123456', 'AU', 'Australia/Darwin', 'number'],
  ['', '', '+61881234567', 'AU', 'Australia/Adelaide', 'number'],
  ['', '', '+34922123456', 'ES', 'Atlantic/Canary', 'number'],
  ['Sevilla', 'ES', null, null, 'Europe/Madrid', 'country'],
])('%s, %s, %s: %s', (city, country, e164, of, name, from) => {
  expect(zone(city, country, e164, of)).toEqual({ name, from });
});

test.each([
  ['an American town that nobody knows', 'Smallville', 'US', null, null],
  ['an American with a German number', 'Smallville', 'US', '+4930123456', 'DE'],
  ['a mobile phone in Australia', '', 'AU', '+61412345678', 'AU'],
  ['a name that two zones share', 'Portland', 'US', null, null],
  ['nothing at all', '', '', null, null],
  ['hostile text', '<script>'.repeat(9_000), 'XX', null, null],
])('no hour rather than a guess: %s', (_, city, country, e164, of) => {
  expect(zone(city, country, e164, of)).toBeNull();
});

test('the tables name zones that exist, and each city and area code once', () => {
  const zones = [
    ...Object.keys(areaZones),
    ...Object.values(mainZones),
    ...Object.values(cityZones).flatMap((cities) => Object.keys(cities)),
  ];
  for (const name of zones)
    expect(() => new Intl.DateTimeFormat('en', { timeZone: name }), name).not.toThrow();
  const codes = Object.values(areaZones).flatMap((list) => list.split(' '));
  expect(codes.filter((code, place) => codes.indexOf(code) !== place)).toEqual([]);
  for (const cities of Object.values(cityZones)) {
    const names = Object.values(cities).flatMap((list) => list.split(','));
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  }
});
