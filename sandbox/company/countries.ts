import type { Country } from './country.ts';
import { australia } from './countries/au.ts';
import { austria } from './countries/at.ts';
import { brazil } from './countries/br.ts';
import { france } from './countries/fr.ts';
import { germany } from './countries/de.ts';
import { india } from './countries/in.ts';
import { japan } from './countries/jp.ts';
import { netherlands } from './countries/nl.ts';
import { spain } from './countries/es.ts';
import { switzerland } from './countries/ch.ts';
import { unitedKingdom } from './countries/gb.ts';
import { unitedStates } from './countries/us.ts';

/** Where the company has customers. */
export const countries: readonly Country[] = [
  unitedStates,
  germany,
  unitedKingdom,
  france,
  switzerland,
  austria,
  netherlands,
  india,
  brazil,
  japan,
  australia,
  spain,
];

/** One entry for each unit of weight, so that picking one at random respects the weights. */
export const weightedCountries: readonly number[] = countries.flatMap((country, at) =>
  Array.from({ length: country.weight }, () => at),
);
