const shortest = 500;
const longest = 10_000;

/**
 * How long to wait before the next attempt, in milliseconds: up to 0.5 s after the first failure, twice as long after each further
 * one, at most 10 s, and anything below that by chance (full jitter), so that many links do not come back at once. `random` is in [0, 1).
 */
export function backOff(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longest, shortest * 2 ** Math.min(failures, 16));
  return Math.max(100, random() * ceiling);
}
