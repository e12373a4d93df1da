import { fraction, hash, stream } from './random.ts';

/**
 * When records were made and last changed. Most moments are scattered; some records share one second, because real instances
 * have had imports: about one in twenty comes from the big import, one in thirty from a smaller one.
 */
export interface Moments {
  created(index: number): number;
  updated(index: number): number;
  /** What the instance itself notes when a record is written: who and when; '' for any other field. */
  column(index: number, field: string): string;
}

const day = 86_400;
const streams = {
  created: stream('created'),
  updated: stream('updated'),
  import: stream('import'),
};

/** `now` in epoch seconds; `years` is how far back the records go. */
export function createMoments(seed: number, name: string, now: number, years: number): Moments {
  const own = seed ^ stream(name);
  const bigImport = now - 400 * day - (hash(own, streams.import, 0) % (200 * day));

  function created(index: number): number {
    return (
      now - 2 * day - Math.floor(fraction(own, streams.created, index) ** 1.3 * years * 365 * day)
    );
  }

  function updated(index: number): number {
    const kind = hash(own, streams.import, index + 1) % 60;
    if (kind < 3) return bigImport;
    if (kind < 5)
      return bigImport + 50 * day + (kind + (hash(own, streams.import, index) % 40)) * 3607;
    const since = now - created(index);
    // most records were touched lately, the newest about an hour ago
    return now - 3600 - Math.floor((since - 3600) * fraction(own, streams.updated, index) ** 2);
  }

  const first = (index: number) => Math.min(created(index), updated(index));

  function column(index: number, field: string): string {
    switch (field) {
      case 'sys_created_on':
        return formatSeconds(first(index));
      case 'sys_updated_on':
        return formatSeconds(updated(index));
      case 'sys_created_by':
      case 'sys_updated_by':
        return 'admin';
      default:
        return '';
    }
  }

  return { created: first, updated, column };
}

const days = new Map<number, string>();
const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

/** `2026-11-23 17:05:09`, as the instance stores dates: UTC. */
export function formatSeconds(seconds: number): string {
  const dayNumber = Math.floor(seconds / day);
  let date = days.get(dayNumber);
  if (date === undefined) {
    date = new Date(dayNumber * day * 1000).toISOString().slice(0, 10);
    days.set(dayNumber, date);
  }
  const rest = seconds - dayNumber * day;
  const minutes = Math.floor(rest / 60);
  return `${date} ${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[rest % 60]}`;
}
