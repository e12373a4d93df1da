import type { EndCause } from '../port.ts';
import type { AmiMessage } from './ami-parser.ts';
import { valueOf } from './ami-parser.ts';

const ofDialStatus: Record<string, EndCause> = {
  BUSY: 'busy',
  NOANSWER: 'no-answer',
  CANCEL: 'cancelled',
  CONGESTION: 'congestion',
  CHANUNAVAIL: 'not-found',
};

/** Why a dial attempt ended without an answer. `Forward` is the phone's own forward (302). */
export function causeOfDialEnd(message: AmiMessage): EndCause {
  if (valueOf(message, 'Forward') !== '') return 'forwarded';
  return ofDialStatus[valueOf(message, 'DialStatus')] ?? 'no-answer';
}

/** Q.850 causes. 0, 16 and 127 say nothing about a phone that did not answer; the dial's own end does. */
const ofHangup: Record<string, EndCause> = {
  1: 'not-found',
  2: 'not-found',
  3: 'not-found',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'not-found',
  21: 'declined',
  22: 'not-found',
  23: 'forwarded',
  26: 'answered-elsewhere',
  27: 'not-found',
  28: 'not-found',
  34: 'congestion',
  38: 'congestion',
  41: 'congestion',
  42: 'congestion',
  44: 'congestion',
};

/** Why a channel that nobody answered was hung up: a declined call ends its dial as NOANSWER and hangs up with 21. */
export function causeOfHangup(message: AmiMessage): EndCause {
  return ofHangup[valueOf(message, 'Cause')] ?? 'normal';
}
