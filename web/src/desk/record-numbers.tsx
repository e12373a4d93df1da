import type { PopCard } from '../../../src/desk/contract.ts';
import { CallerNumber } from './caller-number.tsx';
import classes from './record-numbers.module.css';

/** All numbers of the caller's record, the one of this call marked. */
export function RecordNumbers({ numbers }: { numbers: PopCard['numbers'] }) {
  if (numbers.length === 0) return null;
  return (
    <ul className={classes.numbers} aria-label="Numbers">
      {numbers.map(({ label, number, extension, matches }, place) => (
        // A record may hold one number in several fields.
        <li key={`${place} ${label}`} className={classes.row} data-matches={matches}>
          <CallerNumber caller={number} extension={extension} />
          <span className={classes.label}>
            {label}
            {matches && ', this call'}
          </span>
        </li>
      ))}
    </ul>
  );
}
