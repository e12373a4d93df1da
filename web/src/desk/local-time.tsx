import type { PopCard } from '../../../src/desk/contract.ts';
import { clockIn } from './wording.ts';

const sources = {
  country: 'their country',
  city: 'their city',
  number: 'their number',
};

/** What the caller's clock shows; nothing where it shows the same as the reader's. */
export function LocalTime({ zone, now }: { zone: NonNullable<PopCard['timeZone']>; now: number }) {
  const there = clockIn(zone.name, now);
  if (there === null || there === clockIn(undefined, now)) return null;
  return (
    <span title={`${zone.name}, by ${sources[zone.from]}`} className="tabular">
      {there} there
    </span>
  );
}
