import type { Pop } from '../../../src/desk/contract.ts';

/** Which of the calls on the Desk is shown whole; the others are a line each. */
export interface OpenCall {
  /** Null: none is. */
  callId: string | null;
  /** Every call's state as last seen, to notice what is new. */
  states: ReadonlyMap<string, Pop['state']>;
}

/**
 * Follows the agent from call to call without getting in their way. A call that is answered opens; one that rings opens when no other
 * conversation is on. Nothing changes under somebody who types: what came meanwhile is a line on top until they turn to it.
 * `pops` in the order of the stack. Answers the same object when nothing changed.
 */
export function followCalls(before: OpenCall, pops: Pop[], typing: boolean): OpenCall {
  const states = new Map(pops.map((pop) => [pop.callId, pop.state]));
  const callId = openNow(before, pops, typing);
  const same =
    callId === before.callId &&
    states.size === before.states.size &&
    pops.every((pop) => before.states.get(pop.callId) === pop.state);
  return same ? before : { callId, states };
}

function openNow({ callId, states }: OpenCall, pops: Pop[], typing: boolean): string | null {
  const open = pops.find((pop) => pop.callId === callId);
  // Everything is new after a reload: what was open then stays open.
  const isReload = states.size === 0;
  if (open !== undefined && (typing || isReload)) return open.callId;
  const answered = pops.find(
    (pop) => pop.state === 'talking' && states.get(pop.callId) !== 'talking',
  );
  if (answered !== undefined) return answered.callId;
  const rings = pops.find((pop) => pop.state === 'ringing' && !states.has(pop.callId));
  if (rings !== undefined && open?.state !== 'talking' && open?.state !== 'held')
    return open?.state === 'ringing' ? open.callId : rings.callId;
  if (open !== undefined) return open.callId;
  // The call that was open has gone. An ended one opens by itself only where the agent comes in anew.
  const [first] = pops;
  return first === undefined || (first.state === 'ended' && !isReload) ? null : first.callId;
}

/** For sessionStorage. */
export function openCallText({ callId, states }: OpenCall): string {
  return JSON.stringify({ callId, states: [...states] });
}

/** What `openCallText` wrote; nothing is open, and everything is new, where that is not what stands there. */
export function openCallFrom(text: string | null): OpenCall {
  try {
    const { callId, states } = JSON.parse(text ?? '') as {
      callId: string | null;
      states: [string, Pop['state']][];
    };
    return { callId, states: new Map(states.map(([id, state]) => [id, state])) };
  } catch {
    return { callId: null, states: new Map() };
  }
}

/** The call after or before the open one in the order of the stack, round about. */
export function neighbour(pops: Pop[], callId: string | null, step: 1 | -1): string | null {
  const place = pops.findIndex((pop) => pop.callId === callId);
  if (place === -1) return (step === 1 ? pops[0] : pops.at(-1))?.callId ?? null;
  return pops[(place + step + pops.length) % pops.length]?.callId ?? null;
}
