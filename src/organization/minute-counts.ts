/**
 * Counts what happens in the minute of the clock, by name, in the memory of this node; a new minute forgets all. For limits that must
 * cost nothing: several nodes together let through as many times more.
 */
export function minuteCounts(): (name: string, now: Date) => number {
  let minute = -1;
  const counts = new Map<string, number>();
  return (name, now) => {
    const current = Math.floor(now.getTime() / 60_000);
    if (current !== minute) counts.clear();
    minute = current;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
}

/** Seconds until the next minute begins. */
export function secondsLeft(now: Date): number {
  return 60 - (Math.floor(now.getTime() / 1000) % 60);
}
