import { germany } from './countries/de.ts';
import { countries, weightedCountries } from './countries.ts';
import type { City, Country } from './country.ts';
import { fraction, hash, permutation, pick, stream, type Permutation } from './random.ts';

/**
 * Which company has which people and which telephone lines. The only part of the generator that keeps arrays: some bytes for each
 * company, none for a contact.
 *
 * People are numbered through, company after company (their *place*); `order` scatters places over the contacts' indexes, so that
 * colleagues do not stand side by side in the contact table.
 */
export interface Layout {
  seed: number;
  accounts: number;
  contacts: number;
  order: Permutation;
  country(account: number): Country;
  city(account: number): City;
  /** Place of a company's first person; `start(accounts)` is the number of all. */
  start(account: number): number;
  /** The company of the person at a place. */
  accountAt(place: number): number;
  /** First of the telephone lines that the company has in its city, a multiple of ten: its main line. */
  firstLine(account: number): number;
  /** How many lines it has; those after the first are direct lines. */
  lineCount(account: number): number;
  /** Numbers the people of a country through, for their mobile numbers. */
  mobileOrdinal(account: number, place: number): number;
  /** How many mobile ordinals of a country the contacts use. */
  mobilesUsed(country: Country): number;
}

const streams = { size: stream('size'), country: stream('country'), city: stream('city') };

/** Companies have 8 contacts on average: many have 1 to 5, few more than 40. */
function sizeOf(seed: number, account: number): number {
  return (
    1 +
    Math.min(120, Math.floor((-Math.log(1 - fraction(seed, streams.size, account))) ** 1.4 * 5.9))
  );
}

export function layOut(seed: number, contacts: number): Layout {
  const starts: number[] = [0];
  while (starts.at(-1)! < contacts) {
    const next = starts.at(-1)! + sizeOf(seed, starts.length - 1);
    starts.push(Math.min(next, contacts));
  }
  const accounts = starts.length - 1;
  const start = Uint32Array.from(starts);
  const countryOf = new Uint8Array(accounts);
  const cityOf = new Uint8Array(accounts);
  const firstLine = new Uint32Array(accounts);
  const lineCount = new Uint16Array(accounts);
  const mobileStart = new Uint32Array(accounts);
  // the first hundred lines of Berlin are those of Brightwater itself
  const linesUsed = new Map<string, number>([[`${countries.indexOf(germany)}.0`, 100]]);
  const mobilesUsed = new Map<number, number>();

  for (let account = 0; account < accounts; account++) {
    const nation = pick(weightedCountries, hash(seed, streams.country, account));
    const country = countries[nation]!;
    const city = hash(seed, streams.city, account) % country.cities.length;
    const people = start[account + 1]! - start[account]!;
    const lines = Math.ceil((Math.min(people, 60) * 0.7 + 1) / 10) * 10;
    const place = `${nation}.${city}`;
    countryOf[account] = nation;
    cityOf[account] = city;
    firstLine[account] = linesUsed.get(place) ?? 0;
    lineCount[account] = lines;
    mobileStart[account] = mobilesUsed.get(nation) ?? 0;
    linesUsed.set(place, firstLine[account]! + lines);
    mobilesUsed.set(nation, mobileStart[account]! + people);
  }

  function accountAt(place: number): number {
    let low = 0;
    let high = accounts - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (start[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return {
    seed,
    accounts,
    contacts,
    order: permutation(contacts, seed),
    country: (account) => countries[countryOf[account]!]!,
    city: (account) => countries[countryOf[account]!]!.cities[cityOf[account]!]!,
    start: (account) => start[account]!,
    accountAt,
    firstLine: (account) => firstLine[account]!,
    lineCount: (account) => lineCount[account]!,
    mobilesUsed: (country) => mobilesUsed.get(countries.indexOf(country)) ?? 0,
    mobileOrdinal: (account, place) => mobileStart[account]! + place - start[account]!,
  };
}
