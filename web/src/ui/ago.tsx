import { useEffect, useState } from 'react';
import { ago, dateTime } from './moment.ts';

/** How long ago, kept up to date; the exact moment is in its title. */
export function Ago({ time }: { time: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  // What happened after the last tick is 'just now', not in the future.
  return (
    <time dateTime={time} title={dateTime(time)}>
      {ago(time, Math.max(now, Math.min(Date.parse(time), Date.now())))}
    </time>
  );
}
