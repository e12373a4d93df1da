import { z } from 'zod';
import { storedValue } from '../ui/stored-value.ts';

/** The number that was dialled last from this browser, and whose it was: for 'call again'. Null: none yet. */
export const lastDialled = storedValue(
  'ringside-last-dialled',
  z.object({ number: z.string().min(1).max(100), name: z.string().max(300) }).nullable(),
  null,
);
