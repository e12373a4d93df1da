import type { Country } from './country.ts';
import { hash, pick, stream } from './random.ts';

export interface PersonName {
  first: string;
  last: string;
  /** In Latin letters without accents, lower case, for e-mail addresses. */
  latinFirst: string;
  latinLast: string;
}

const streams = { gender: stream('gender'), first: stream('first'), last: stream('last') };

export function personName(country: Country, seed: number, index: number): PersonName {
  const names = hash(seed, streams.gender, index) % 2 === 0 ? country.female : country.male;
  const first = written(pick(names, hash(seed, streams.first, index)));
  const last = written(pick(country.last, hash(seed, streams.last, index)));
  const own = first.native !== '' && last.native !== '';
  return {
    first: own ? first.native : first.letters,
    last: own ? last.native : last.letters,
    latinFirst: first.address,
    latinLast: last.address,
  };
}

interface Written {
  /** In the country's own writing, where the list has it. */
  native: string;
  letters: string;
  address: string;
}

const known = new Map<string, Written>();

/** A name of the lists may say how it is written in Latin letters: `高橋|Takahashi`. */
function written(name: string): Written {
  let found = known.get(name);
  if (found === undefined) {
    const [first = name, letters] = name.split('|');
    found = {
      native: letters === undefined ? '' : first,
      letters: letters ?? first,
      address: asAddress(letters ?? first),
    };
    known.set(name, found);
  }
  return found;
}

const replacements: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ø: 'o',
  ı: 'i',
  æ: 'ae',
};

/** What remains of a name in an e-mail address: `Müller-Lüdenscheidt` is `mueller-luedenscheidt`. */
export function asAddress(name: string): string {
  return name
    .toLowerCase()
    .replace(/[äöüßøıæ]/g, (letter) => replacements[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z0-9-]+/g, '')
    .replace(/^-+|-+$/g, '');
}
