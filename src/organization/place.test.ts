import { expect, test } from 'vitest';
import { placeErrors } from './place.ts';

const fields = (country: string, timeZone: string) =>
  placeErrors({ country, timeZone }).map(({ field }) => field);

test('knows countries that have phone numbers, and time zones with their old names', () => {
  for (const zone of ['Europe/Berlin', 'UTC', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires']) {
    expect(fields('DE', zone), zone).toEqual([]);
  }
  for (const zone of ['', '+02:00', 'Europe', 'Mars/Olympus', '../etc', 'Europe/Berlin\0']) {
    expect(fields('US', zone), zone).toEqual(['timeZone']);
  }
  for (const country of ['ZZ', 'de', 'EU', 'constructor', '']) {
    expect(fields(country, 'UTC'), country).toEqual(['country']);
  }
});
