import { VisuallyHidden } from '@mantine/core';
import type { Pop } from '../../../src/desk/contract.ts';
import { PriorityMark } from './priority-mark.tsx';
import { durationOf, inWrapUp, stateText, timeOfDay, transferText, wasMissed } from './wording.ts';
import { useServerNow } from './use-server-now.ts';
import classes from './call-status.module.css';

interface CallStatusProps {
  pop: Pop;
  clockOffset: number;
  /** Only what it is doing and for how long. */
  brief?: boolean;
}

/** The line at the top of a pop: what the call is doing, and for how long. */
export function CallStatus({ pop, clockOffset, brief = false }: CallStatusProps) {
  const tone = wasMissed(pop) ? 'missed' : pop.state;
  const facts = [
    inWrapUp(pop) ? 'Wrap-up' : '',
    pop.direction === 'outbound' ? 'Outgoing call' : '',
    pop.askedBy === null ? '' : `${pop.askedBy} asks about`,
    pop.direction === 'internal' && pop.askedBy === null ? 'Internal call' : '',
    pop.queue === null || pop.queue === '' ? '' : `Queue ${pop.queue}`,
    pop.direction === 'inbound' && pop.dialled !== '' ? `to ${pop.dialled}` : '',
    ...pop.card.transfers.map(transferText),
  ].filter((fact) => fact !== '' && !brief);
  return (
    <p className={classes.status}>
      <span className={classes.state} data-tone={tone}>
        <span className={classes.lamp} aria-hidden="true" />
        {stateText(pop)}
      </span>
      <CallClock pop={pop} clockOffset={clockOffset} />
      {pop.priority !== null && <PriorityMark priority={pop.priority} brief={brief} />}
      {facts.map((fact) => (
        <span key={fact} className={classes.fact}>
          {fact}
        </span>
      ))}
    </p>
  );
}

function CallClock({ pop, clockOffset }: { pop: Pop; clockOffset: number }) {
  if (pop.state === 'ended') return <EndedTimes pop={pop} />;
  return <RunningClock since={pop.answeredAt ?? pop.startedAt} clockOffset={clockOffset} />;
}

function RunningClock({ since, clockOffset }: { since: string; clockOffset: number }) {
  const now = useServerNow(clockOffset, 250);
  return (
    <span className={classes.clock} role="timer" aria-label="Duration">
      {durationOf(since, now)}
    </span>
  );
}

function EndedTimes({ pop }: { pop: Pop }) {
  const talked = pop.answeredAt !== null && pop.endedAt !== null;
  return (
    <>
      {talked && (
        <span className={classes.clock}>
          <VisuallyHidden>talked for </VisuallyHidden>
          {durationOf(pop.answeredAt ?? '', Date.parse(pop.endedAt ?? ''))}
        </span>
      )}
      <span className={classes.fact}>{timeOfDay(pop.startedAt)}</span>
    </>
  );
}
