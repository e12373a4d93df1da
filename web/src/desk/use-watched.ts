import { useEffect, useState } from 'react';

/**
 * Whether somebody looks at any of the browser's tabs of this name. Every visible tab holds a part of one lock, which a closed or crashed tab
 * lets go by itself; a message says when to look again.
 */
export function useWatched(name: string): boolean {
  const [watched, setWatched] = useState(true);
  useEffect(() => {
    if (!('locks' in navigator)) return undefined;
    const told = new BroadcastChannel(name);
    // A channel does not hear itself, so that the same page needs two.
    const telling = new BroadcastChannel(name);
    let closed = false;
    const look = async () => {
      const { held = [] } = await navigator.locks.query();
      if (!closed) setWatched(held.some((lock) => lock.name === name));
    };
    told.onmessage = () => void look();
    let letGo: (() => void) | null = null;
    const report = () => {
      const visible = document.visibilityState === 'visible';
      if (!visible) letGo?.();
      if (!visible || letGo !== null) return;
      const untilHidden = new Promise<void>((resolve) => {
        letGo = () => {
          letGo = null;
          resolve();
        };
      });
      void navigator.locks
        .request(name, { mode: 'shared' }, () => {
          telling.postMessage('');
          return untilHidden;
        })
        .finally(() => {
          if (!closed) telling.postMessage('');
        });
    };
    report();
    void look();
    document.addEventListener('visibilitychange', report);
    return () => {
      closed = true;
      letGo?.();
      document.removeEventListener('visibilitychange', report);
      telling.close();
      told.close();
    };
  }, [name]);
  return watched;
}
