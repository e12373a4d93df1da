import { useEffect, useState } from 'react';
import { framed } from '../ui/framed.ts';
import { goToSignIn } from '../ui/sign-in-path.ts';
import { DeskLine } from './desk-line.ts';
import { emptyView } from './desk-view.ts';
import type { DeskEvent, DeskView } from './desk-view.ts';
import type { FromWorker, ToWorker } from './line-message.ts';

interface Line {
  apply(event: DeskEvent): void;
  wake(): void;
  close(): void;
}

/** The Desk's view, live; `apply` folds in what an answer of the API told. One line per person and browser. */
export function useDesk(personId: string): { view: DeskView; apply(event: DeskEvent): void } {
  const [view, setView] = useState(emptyView);
  const [line, setLine] = useState<Line | null>(null);
  const [visit, setVisit] = useState(0);

  useEffect(() => {
    const opened = openLine(personId, setView);
    setLine(opened);
    const wake = () => {
      if (document.visibilityState === 'visible') opened.wake();
    };
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('pagehide', opened.close);
    // Back from the browser's page cache, whose line was closed when the page was left.
    const comeBack = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setVisit((count) => count + 1);
    };
    window.addEventListener('pageshow', comeBack);
    return () => {
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('pagehide', opened.close);
      window.removeEventListener('pageshow', comeBack);
      opened.close();
    };
  }, [personId, visit]);

  return { view, apply: (event) => line?.apply(event) };
}

/** Shared with the other tabs where the browser can, else this tab's own. */
function openLine(personId: string, onView: (view: DeskView) => void): Line {
  // A shared worker that was begun in a frame of another site sends no cookies (Chromium 147).
  if (typeof SharedWorker === 'undefined' || framed) return openOwnLine(onView);
  const worker = new SharedWorker(new URL('./line-worker.ts', import.meta.url), {
    type: 'module',
    // Another person signing in on this browser gets another worker.
    name: `ringside-desk-${personId}`,
  });
  const tell = (message: ToWorker) => worker.port.postMessage(message);
  let line: Line = {
    apply: (event) => tell({ type: 'apply', event }),
    wake: () => tell({ type: 'wake' }),
    close: () => tell({ type: 'leave' }),
  };
  let closed = false;
  worker.port.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (closed) return;
    if (data.type === 'view') onView(data.view);
    else goToSignIn();
  };
  // Its program could not be loaded, for example after an update of the hub.
  worker.onerror = () => {
    if (!closed) line = openOwnLine(onView);
  };
  return {
    apply: (event) => line.apply(event),
    wake: () => line.wake(),
    close: () => {
      closed = true;
      line.close();
    },
  };
}

function openOwnLine(onView: (view: DeskView) => void): Line {
  const line = new DeskLine({ onView, onSignedOut: goToSignIn });
  return {
    apply: (event) => line.apply(event),
    wake: () => line.wake(),
    close: () => line.close(),
  };
}
