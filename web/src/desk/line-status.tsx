import { useEffect, useState } from 'react';
import type { DeskNotice, DeskView } from './desk-view.ts';
import classes from './line-status.module.css';

/** Whether the Desk is listening, in a quiet word beside the heading. */
export function LineStatus({
  line,
  extension,
}: {
  line: DeskView['line'];
  extension: string | null;
}) {
  const lost = useLasting(line === 'lost', 1500);
  if (line === 'connecting') return null;
  if (!lost && extension === null) return null;
  return (
    <p className={classes.line}>
      <span className={classes.lineLamp} data-line={lost ? 'lost' : 'live'} aria-hidden="true" />
      {lost ? 'Reconnecting… what you see may be old' : `Extension ${extension}`}
    </p>
  );
}

/** Calls that went away by themselves: 'answered by Bob'. */
export function Notices({ notices }: { notices: DeskNotice[] }) {
  return notices.map((notice) => (
    <p key={`${notice.callId}-${notice.at}`} className={classes.notice}>
      {notice.text}
    </p>
  ));
}

/** True only once `value` has been true for a while: a blink of the network is not worth a word. */
function useLasting(value: boolean, milliseconds: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) {
      setLasting(false);
      return undefined;
    }
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return lasting;
}
