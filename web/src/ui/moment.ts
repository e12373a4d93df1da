/** Dates and numbers for the reader: their language's forms, their computer's time zone. */

const steps = [
  { unit: 'second', seconds: 1, below: 60 },
  { unit: 'minute', seconds: 60, below: 60 },
  { unit: 'hour', seconds: 3600, below: 24 },
  { unit: 'day', seconds: 86_400, below: 14 },
  { unit: 'week', seconds: 604_800, below: 9 },
  { unit: 'month', seconds: 2_629_800, below: 18 },
  { unit: 'year', seconds: 31_557_600, below: Infinity },
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `5 minutes ago`, `yesterday`; within ten seconds either way `just now`. */
export function ago(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (!Number.isFinite(seconds)) return 'unknown';
  if (Math.abs(seconds) < 10) return 'just now';
  for (const step of steps) {
    const amount = Math.trunc(seconds / step.seconds);
    if (Math.abs(amount) < step.below) return relative.format(amount, step.unit);
  }
  return 'long ago';
}

/** Date and time of day, in full. */
export function dateTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return 'unknown';
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The time of day to the second. */
export function timeToTheSecond(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

export function count(value: number): string {
  return value.toLocaleString();
}

/** `1 person`, `2 people`. */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `84 ms`, `2.3 s`, `4 min 10 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
