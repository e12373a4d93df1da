import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes that V8's space for new objects is to have, at least. */
const wanted = 16_000_000;
let kept = false;

/**
 * V8's space for new objects doubles whenever many of them live on: to 134 MB while the modules are loaded, and it stays so.
 * With 17 MB a first pull takes the hub 210 MB instead of 330 MB and no more of the processor, and a start takes less of it.
 * V8 reads its limit before we run, but by how much it grows every time: once to 17 MB, and then never again. For the
 * launcher, before anything else is loaded.
 */
export function keepNewSpaceSmall(): void {
  kept = true;
  restoreNewSpace();
}

/**
 * A process that has little to do is taken by V8 to need little: its space becomes 1 or 2 MB, and may not grow again. A pull then clears
 * it five to eight times as often, and what lives on in it gets among the old objects too early. For whoever is at something long, in
 * between; costs some microseconds where there is nothing to do, and nothing happens in a process that does not keep its space small.
 */
export function restoreNewSpace(): void {
  if (!kept || newSpace() >= wanted) return;
  setFlagsFromString('--semi-space-growth-factor=8');
  // It grows when it is cleared while much of it is in use: some 6,000 objects, 10 ms.
  for (const inUse: number[][] = []; newSpace() < wanted && inUse.length < 50_000;)
    for (let n = 0; n < 250; n += 1) inUse.push([n, n, n, n, n, n, n, n]);
  setFlagsFromString('--semi-space-growth-factor=1');
}

function newSpace(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return space?.space_size ?? wanted;
}
