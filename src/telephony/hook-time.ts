import { notBelieved } from './hook-body.ts';

/** Refuses an event that was signed long ago, or that claims to come from the future: somebody may send it again. `tolerance` in seconds. */
export function refuseOld(signedAt: Date, receivedAt: Date, tolerance: number): void {
  const seconds = Math.abs(receivedAt.getTime() - signedAt.getTime()) / 1000;
  if (seconds <= tolerance) return;
  throw notBelieved(
    'The time in the signature of this event is too far from now.',
    `It must be within ${tolerance} seconds. Check the clock of this machine; an event that was held up that long is not taken.`,
  );
}
