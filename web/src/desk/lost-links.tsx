import type { DeskView } from './desk-view.ts';
import { timeOfDay } from './wording.ts';
import classes from './lost-links.module.css';

/** Phone systems that Ringside cannot hear just now: no call of theirs pops meanwhile. */
export function LostLinks({ links }: { links: DeskView['phoneLinks'] }) {
  return links.map(({ name, since }) => (
    <p key={name} className={classes.lostLink} role="status">
      {`The link to ${name} is lost since ${timeOfDay(since)}. Calls there do not pop until it is back; it is tried again by itself.`}
    </p>
  ));
}
