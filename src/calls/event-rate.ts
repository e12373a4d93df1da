const window = 60_000;

/** Counts events of the last minute, in steps of a second. Times in milliseconds. */
export interface EventRate {
  add(count: number, now: number): void;
  perMinute(now: number): number;
}

export function createEventRate(): EventRate {
  let seconds: { at: number; count: number }[] = [];
  return {
    add(count, now) {
      const at = Math.floor(now / 1000);
      const last = seconds.at(-1);
      if (last?.at === at) last.count += count;
      else seconds.push({ at, count });
    },
    perMinute(now) {
      seconds = seconds.filter(({ at }) => at * 1000 > now - window);
      return seconds.reduce((sum, { count }) => sum + count, 0);
    },
  };
}
