import { expect, test } from 'vitest';
import { guessCountry, timeZoneLabel, timeZones } from './time-zone.ts';

test('the country is guessed where clock and language agree, or where the clock leaves one', () => {
  expect(guessCountry(['de-AT', 'en'], 'Europe/Vienna')).toBe('AT');
  expect(guessCountry(['en-US'], 'Europe/Vienna')).toBe('AT');
  expect(guessCountry(['de'], 'Europe/Berlin')).toBe('DE');
});

test('no country is guessed where nothing speaks for one', () => {
  expect(guessCountry(['en-US'], 'UTC')).toBeNull();
  expect(guessCountry(['not a language'], 'Nowhere/Nothing')).toBeNull();
});

test('a zone is labelled with its offset on that day', () => {
  expect(timeZoneLabel('Europe/Berlin', new Date('2026-07-01T00:00:00Z'))).toBe(
    'Europe/Berlin (GMT+2)',
  );
  expect(timeZoneLabel('America/New_York', new Date('2026-01-01T00:00:00Z'))).toBe(
    'America/New York (GMT-5)',
  );
  expect(timeZoneLabel('Nowhere/Nothing', new Date())).toBe('Nowhere/Nothing');
});

test('UTC is always on offer', () => {
  expect(timeZones()).toContain('UTC');
});
