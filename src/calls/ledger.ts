import type { PhoneEvent } from '../telephony/port.ts';
import { foldEvent, mergeCalls } from './call.ts';
import type { Call } from './call.ts';

/** Calls kept in memory: what the store does with rows, for a recorded stream. */
export interface Ledger {
  receive(event: PhoneEvent): void;
  /** In the order in which they started. */
  calls(): Call[];
}

export function createLedger(): Ledger {
  const calls = new Map<string, Call>();
  /** Source id of a call that was merged away -> the call it is part of. */
  const parts = new Map<string, string>();

  function whole(id: string): string {
    const into = parts.get(id);
    return into === undefined ? id : whole(into);
  }

  function join(from: string, to: string, at: Date): void {
    const [part, into] = [whole(from), whole(to)];
    if (part === into) return;
    const known = calls.get(into) ?? foldEvent(null, { type: 'call-merged', call: into, into, at });
    const lost = calls.get(part);
    calls.set(into, lost ? mergeCalls(known, lost) : known);
    calls.delete(part);
    parts.set(part, into);
  }

  return {
    receive(event) {
      if (event.type === 'call-merged') return join(event.call, event.into, event.at);
      if (event.type === 'snapshot') {
        for (const [id, call] of calls) {
          if (call.endedAt !== null || event.calls.includes(id)) continue;
          calls.set(
            id,
            foldEvent(call, { type: 'call-ended', call: id, at: event.at, cause: 'unknown' }),
          );
        }
        return;
      }
      const id = whole(event.call);
      calls.set(id, foldEvent(calls.get(id) ?? null, { ...event, call: id }));
    },
    calls: () => [...calls.values()].toSorted((a, b) => Number(a.startedAt) - Number(b.startedAt)),
  };
}
