import { countryCodes } from './country-codes.ts';

/** All time zones that the browser knows, and UTC, which some leave out. */
export function timeZones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted();
}

/** `Europe/Berlin (GMT+2)`: the offset is today's. */
export function timeZoneLabel(timeZone: string, now: Date): string {
  const name = timeZone.replaceAll('_', ' ');
  try {
    const parts = new Intl.DateTimeFormat('en', {
      timeZone,
      timeZoneName: 'shortOffset',
    }).formatToParts(now);
    const offset = parts.find((part) => part.type === 'timeZoneName')?.value;
    return offset === undefined ? name : `${name} (${offset})`;
  } catch {
    return name;
  }
}

/** The zone that the reader's computer is set to. */
export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/**
 * The country that the reader probably sits in, or null. Only a guess that language and clock agree on counts: a wrong
 * country would read national phone numbers wrongly.
 */
export function guessCountry(languages: readonly string[], timeZone: string): string | null {
  for (const language of languages) {
    const region = regionOf(language);
    if (region !== null && timeZonesOf(region).includes(timeZone)) return region;
  }
  const there = countryCodes.filter((code) => timeZonesOf(code).includes(timeZone));
  return there.length === 1 ? (there[0] ?? null) : null;
}

function regionOf(language: string): string | null {
  try {
    return new Intl.Locale(language).maximize().region ?? null;
  } catch {
    return null;
  }
}

/** Not every browser has getTimeZones; then there is no guess. */
function timeZonesOf(country: string): readonly string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] };
  return locale.getTimeZones?.() ?? [];
}
