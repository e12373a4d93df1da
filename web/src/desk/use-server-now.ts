import { useEffect, useState } from 'react';

/** The server's time in milliseconds, anew every `every` milliseconds, so that clocks in all browsers agree. */
export function useServerNow(clockOffset: number, every: number): number {
  const [now, setNow] = useState(() => Date.now() + clockOffset);
  useEffect(() => {
    setNow(Date.now() + clockOffset);
    const timer = setInterval(() => setNow(Date.now() + clockOffset), every);
    return () => clearInterval(timer);
  }, [clockOffset, every]);
  return now;
}
