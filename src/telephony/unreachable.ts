import type { OriginateOutcome } from './port.ts';

/** What comes of an order while the link is down. */
export const unreachable: OriginateOutcome = {
  ok: false,
  message: 'The phone system cannot be reached just now.',
  fix: 'Dial on your phone, or try again in a moment.',
};
