import { Kbd, UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { CallStatus } from './call-status.tsx';
import { callerTitle, shownCandidate } from './desk-view.ts';
import { casesText } from './wording.ts';
import classes from './call-bar.module.css';

interface CallBarProps {
  pop: Pop;
  clockOffset: number;
  /** The key that leads here from the call that is shown whole. */
  shortcut: 'J' | 'K' | null;
  onOpen(): void;
}

/** A call that is up beside the one shown whole: who it is and what they have open, in a line that opens it. */
export function CallBar({ pop, clockOffset, shortcut, onOpen }: CallBarProps) {
  const title = useId();
  const shown = shownCandidate(pop);
  const about = [shown?.customer?.name ?? '', shown === null ? pop.caller.display : '']
    .concat(shown === null ? '' : casesText(shown.openCaseCount))
    .filter((part) => part !== '' && part !== callerTitle(pop));
  return (
    <article className={classes.bar} data-state={pop.state} aria-labelledby={title}>
      <CallStatus pop={pop} clockOffset={clockOffset} brief />
      <UnstyledButton className={classes.open} onClick={onOpen} aria-expanded={false}>
        <span id={title} className={classes.name}>
          {callerTitle(pop)}
        </span>
        <span className={classes.about}>{about.join(' · ')}</span>
        <span className={classes.show}>
          Show{shortcut !== null && <Kbd size="xs">{shortcut}</Kbd>}
        </span>
      </UnstyledButton>
    </article>
  );
}
