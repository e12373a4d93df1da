import { Activity } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { CallBar } from './call-bar.tsx';
import { neighbour } from './open-call.ts';
import { PopCard } from './pop-card.tsx';
import { useShortcut } from './use-shortcut.ts';

export interface CallStackProps {
  /** In the order of the stack: ringing, up, ended. */
  pops: Pop[];
  /** The call that is shown whole. */
  openCall: string | null;
  clockOffset: number;
  /** The call whose choice is on its way. */
  choosing: string | null;
  onOpen(callId: string): void;
  onChoose(callId: string, key: string): void;
  onDismiss(callId: string): void;
}

/**
 * Several calls at once: one whole, the others that are up a line each. Every call keeps its card, hidden or not, so that what was
 * typed in one is there when the agent comes back to it; a hidden card offers no keys and runs no clocks.
 */
export function CallStack(props: CallStackProps) {
  const { pops, openCall, clockOffset, onOpen } = props;
  const next = neighbour(pops, openCall, 1);
  const previous = neighbour(pops, openCall, -1);
  const turn = (callId: string | null) => {
    if (callId !== null && callId !== openCall) onOpen(callId);
  };
  useShortcut('next-call', () => turn(next), pops.length > 0);
  useShortcut('previous-call', () => turn(previous), pops.length > 0);
  return pops.map((pop) => {
    const { callId } = pop;
    const isOpen = callId === openCall;
    return (
      <div key={callId} data-call={callId} hidden={!isOpen && pop.state === 'ended'}>
        {!isOpen && pop.state !== 'ended' && (
          <CallBar
            pop={pop}
            clockOffset={clockOffset}
            shortcut={callId === next ? 'J' : callId === previous ? 'K' : null}
            onOpen={() => onOpen(callId)}
          />
        )}
        <Activity mode={isOpen ? 'visible' : 'hidden'}>
          <PopCard
            pop={pop}
            clockOffset={clockOffset}
            choosing={props.choosing === callId}
            onChoose={(key) => props.onChoose(callId, key)}
            onDismiss={() => props.onDismiss(callId)}
          />
        </Activity>
      </div>
    );
  });
}
