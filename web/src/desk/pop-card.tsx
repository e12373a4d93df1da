import { CloseButton } from '@mantine/core';
import { useId } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { CallStatus } from './call-status.tsx';
import { CallerCard } from './caller-card.tsx';
import { CasePanel } from './case-panel.tsx';
import { useDeskActions } from './desk-actions.ts';
import { isOutside, shownCandidate } from './desk-view.ts';
import { EarlierCalls } from './earlier-calls.tsx';
import { MatchReason } from './match-reason.tsx';
import { NoteEditor } from './note-editor.tsx';
import { OpenCases } from './open-cases.tsx';
import { OpenRecord } from './open-record.tsx';
import { callElementId } from './use-open-call.ts';
import { WrapUpBar } from './wrap-up-bar.tsx';
import { useServerNow } from './use-server-now.ts';
import { useShortcut } from './use-shortcut.ts';
import { WhoIsIt } from './who-is-it.tsx';
import classes from './pop-card.module.css';

export interface PopCardProps {
  pop: Pop;
  clockOffset: number;
  /** A choice of this pop is on its way. */
  choosing: boolean;
  onChoose(key: string): void;
  onDismiss(): void;
}

/**
 * One call, whole. On the left who it is and what we know of them, on the right what the agent works on; one below the other where the
 * window is narrow. A panel is a component that takes the pop, and shows nothing where it has nothing to say.
 */
export function PopCard({ pop, clockOffset, choosing, onChoose, onDismiss }: PopCardProps) {
  const now = useServerNow(clockOffset, 30_000);
  const title = useId();
  const shown = shownCandidate(pop);
  const ended = pop.state === 'ended';
  const { call } = useDeskActions();
  useShortcut('dismiss-call', onDismiss, ended);
  useShortcut(
    'call-back',
    () => call?.(pop.caller),
    ended && call !== null && pop.caller.e164 !== null,
    pop.caller.display,
  );
  return (
    <article
      id={callElementId(pop.callId)}
      tabIndex={-1}
      className={classes.card}
      data-state={pop.state}
      aria-labelledby={title}
    >
      <header className={classes.top} role="none">
        <CallStatus pop={pop} clockOffset={clockOffset} />
        {shown !== null && <OpenRecord link={shown.link} />}
        {ended && <CloseButton aria-label="Dismiss this call" onClick={onDismiss} />}
      </header>
      <div className={classes.columns}>
        <div className={classes.caller}>
          <CallerCard pop={pop} candidate={shown} now={now} titleId={title} />
          {shown !== null && <MatchReason pop={pop} candidate={shown} now={now} />}
          <WhoIsIt pop={pop} now={now} choosing={choosing} onChoose={onChoose} />
        </div>
        <div className={classes.work}>
          <WrapUpBar pop={pop} clockOffset={clockOffset} />
          {isOutside(pop) && <CasePanel pop={pop} />}
          {isOutside(pop) && <NoteEditor pop={pop} />}
          {shown !== null && <OpenCases pop={pop} candidate={shown} now={now} />}
          {isOutside(pop) && <EarlierCalls pop={pop} candidate={shown} now={now} />}
        </div>
      </div>
    </article>
  );
}
