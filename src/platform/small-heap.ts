import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's heap grow by half between two collections, and not to four times what is in use: it would
 * take the memory that the database next to us needs. Measured on a first pull of a million contacts:
 * see docs/performance.md.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
