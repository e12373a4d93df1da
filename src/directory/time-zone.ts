import { boundedCache } from './bounded-cache.ts';
import { countryCode } from './country-code.ts';
import { areaZones, cityZones, mainZones } from './zone-tables.ts';

/** Where somebody's clock stands, and what that was worked out from. */
export interface PlaceZone {
  /** IANA name, `Europe/Berlin`. */
  name: string;
  from: 'country' | 'city' | 'number';
}

/** What a record and a number say of a place; '' and null where they say nothing. */
export interface Place {
  city: string;
  country: string;
  number: { e164: string | null; country: string | null };
}

/**
 * The time zone of a caller as far as it can be known: of their country where it has one time, else of their city, else of their
 * number's area code. Null rather than a guess: in the middle of a call a wrong hour is worse than none.
 *
 * @example placeZone({ city: '', country: 'Germany', number }, now)  // { name: 'Europe/Berlin', from: 'country' }
 */
export function placeZone(place: Place, now: Date): PlaceZone | null {
  const own = countryCode(place.country);
  const country = own ?? place.number.country;
  if (country === null) return null;
  const byCity = cityZone(country, place.city);
  if (byCity !== null) return { name: byCity, from: 'city' };
  const only = onlyTime(country, now);
  if (only !== null) return { name: only, from: own === null ? 'number' : 'country' };
  // A number of another country says nothing of where in their own somebody is.
  const byArea = place.number.country === country ? areaZone(place.number.e164) : null;
  if (byArea !== null) return { name: byArea, from: 'number' };
  const main = mainZones[country];
  return main === undefined ? null : { name: main, from: own === null ? 'number' : 'country' };
}

/** Asked for every ring, and a formatter for each zone takes a while to make. */
const onlyTimes = boundedCache<string | null>(500);

/** A zone of a country whose clocks all show the same at that hour; null where they differ. */
function onlyTime(country: string, now: Date): string | null {
  return onlyTimes(now.toISOString().slice(0, 13), country, () => {
    // TypeScript does not know it yet.
    const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones(): string[] };
    const zones = locale.getTimeZones();
    const offsets = new Set(zones.map((zone) => offsetOf(zone, now)));
    return offsets.size === 1 ? (zones[0] ?? null) : null;
  });
}

function offsetOf(zone: string, now: Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

const cities = new Map(
  Object.entries(cityZones).flatMap(([country, zones]) =>
    Object.entries(zones).flatMap(([zone, names]) =>
      names.split(',').map((name) => [`${country} ${name}`, zone] as const),
    ),
  ),
);

function cityZone(country: string, city: string): string | null {
  if (city.length > 100) return null;
  const name = city.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('.', '');
  return cities.get(`${country} ${name.trim()}`) ?? null;
}

const areas = new Map(
  Object.entries(areaZones).flatMap(([zone, codes]) =>
    codes.split(' ').map((code) => [code, zone] as const),
  ),
);
const longestArea = Math.max(...[...areas.keys()].map((code) => code.length));

function areaZone(e164: string | null): string | null {
  for (let length = longestArea; e164 !== null && length >= 3; length -= 1) {
    const zone = areas.get(e164.slice(1, 1 + length));
    if (zone !== undefined) return zone;
  }
  return null;
}
