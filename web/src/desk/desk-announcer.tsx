import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { setTitleNotice } from '../ui/window-title.ts';
import type { DeskView } from './desk-view.ts';
import { markWindow } from './window-mark.ts';
import { callerLine, ringsIn, stateText } from './wording.ts';

/** Tells a screen reader what changed, and shows who is calling in the window's title. */
export function DeskAnnouncer({ view }: { view: DeskView }) {
  const [message, setMessage] = useState('');
  const before = useRef(new Map<string, string>());
  const notice = view.notices.at(-1)?.text ?? '';
  const ringing = view.pops.find(ringsIn);

  useEffect(() => {
    const changed = view.pops.find((pop) => before.current.get(pop.callId) !== spoken(pop));
    before.current = new Map(view.pops.map((pop) => [pop.callId, spoken(pop)]));
    if (changed !== undefined) setMessage(spoken(changed));
  }, [view.pops]);

  useEffect(() => {
    if (notice !== '') setMessage(notice);
  }, [notice]);

  const title = ringing === undefined ? null : `${callerLine(ringing).slice(0, 80)} is calling`;
  useEffect(() => setTitleNotice(title), [title]);
  const rings = view.pops.filter(ringsIn).length;
  useEffect(() => markWindow(rings), [rings]);
  useEffect(
    () => () => {
      setTitleNotice(null);
      markWindow(0);
    },
    [],
  );

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
