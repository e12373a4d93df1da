import { isSupportedCountry } from 'libphonenumber-js/max';
import type { FieldError } from '../platform/errors.ts';

/** What is wrong with a country (ISO 3166 alpha-2, one whose phone numbers can be read) and a time zone (IANA name). */
export function placeErrors(place: { country: string; timeZone: string }): FieldError[] {
  const errors: FieldError[] = [];
  if (!isSupportedCountry(place.country)) {
    errors.push({
      field: 'country',
      message: `${place.country} is no country whose phone numbers are known; use a code such as DE or US.`,
    });
  }
  if (!isTimeZone(place.timeZone)) {
    errors.push({
      field: 'timeZone',
      message: 'This time zone is not known; use a name such as Europe/Berlin or America/New_York.',
    });
  }
  return errors;
}

function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 would pass below, but have no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
