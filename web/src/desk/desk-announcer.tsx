import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import type { DeskView } from './desk-view.ts';
import { callerLine, stateText } from './wording.ts';

/** Tells a screen reader what changed, and shows who is calling in the window's title. */
export function DeskAnnouncer({ view }: { view: DeskView }) {
  const [message, setMessage] = useState('');
  const before = useRef(new Map<string, string>());
  const notice = view.notices.at(-1)?.text ?? '';
  const ringing = view.pops.find((pop) => pop.state === 'ringing' && pop.direction !== 'outbound');

  useEffect(() => {
    const changed = view.pops.find((pop) => before.current.get(pop.callId) !== spoken(pop));
    before.current = new Map(view.pops.map((pop) => [pop.callId, spoken(pop)]));
    if (changed !== undefined) setMessage(spoken(changed));
  }, [view.pops]);

  useEffect(() => {
    if (notice !== '') setMessage(notice);
  }, [notice]);

  const title =
    ringing === undefined ? 'Desk · Ringside' : `☎ ${callerLine(ringing).slice(0, 80)} · Ringside`;
  useEffect(() => {
    const usual = document.title;
    document.title = title;
    return () => {
      document.title = usual;
    };
  }, [title]);

  return (
    <VisuallyHidden>
      <p role="status" aria-live={ringing === undefined ? 'polite' : 'assertive'}>
        {message}
      </p>
    </VisuallyHidden>
  );
}

function spoken(pop: Pop): string {
  return `${stateText(pop)}: ${callerLine(pop)}`;
}
