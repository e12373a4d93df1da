import { useEffect, useState } from 'react';

/**
 * Whether this tab speaks for all of the browser's tabs of the same name: exactly one does, and when it closes or crashes the next one is
 * told. A lock and not a message, because nothing has to notice that a tab is gone.
 */
export function useLeader(name: string): boolean {
  const [leads, setLeads] = useState(false);
  useEffect(() => {
    if (!('locks' in navigator)) return undefined;
    const waiting = new AbortController();
    let leave = () => undefined as void;
    const untilLeft = new Promise<void>((resolve) => (leave = resolve));
    navigator.locks
      .request(name, { signal: waiting.signal }, () => {
        setLeads(true);
        return untilLeft;
      })
      // Closed before its turn came.
      .catch(() => undefined);
    return () => {
      waiting.abort();
      leave();
      setLeads(false);
    };
  }, [name]);
  return leads;
}
