import type { GraphCall } from '../call-graph.ts';

/** Uniqueid and Linkedid as Asterisk makes them: the second of their making and a serial number. Null for ids that we gave. */
export function serialOf(id: string): { seconds: number; serial: number } | null {
  const found = /(\d{9,11})\.(\d+)$/.exec(id);
  return found && { seconds: Number(found[1]), serial: Number(found[2]) };
}

/** Ids that we gave are as old as their first event. */
export function isOlder(a: GraphCall, b: GraphCall): boolean {
  const [one, two] = [serialOf(a.id), serialOf(b.id)];
  if (one === null || two === null) return a.order < b.order;
  return one.seconds === two.seconds ? one.serial < two.serial : one.seconds < two.seconds;
}
