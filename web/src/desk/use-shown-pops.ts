import { useEffect } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { api, nothing } from '../ui/api.ts';

/** Calls that this tab has told of. */
const told = new Set<string>();
const toldAtOnce = 50;

/** Tells the server which pops this browser shows for the first time, so that it can be explained later who saw what when. */
export function useShownPops(pops: readonly Pop[]): void {
  useEffect(() => {
    const callIds = pops
      .flatMap(({ callId }) => (told.has(callId) ? [] : callId))
      .slice(0, toldAtOnce);
    if (callIds.length === 0) return;
    for (const callId of callIds) told.add(callId);
    // Only explanations miss it when it fails.
    api.post('/desk/pops/shown', { callIds }, nothing, { quiet: true }).catch(() => undefined);
  }, [pops]);
}
