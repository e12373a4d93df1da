import type { EndCause } from '../port.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';

const ofHangup: Record<string, EndCause> = {
  NO_ANSWER: 'no-answer',
  NO_USER_RESPONSE: 'no-answer',
  ALLOTTED_TIMEOUT: 'no-answer',
  PROGRESS_TIMEOUT: 'no-answer',
  USER_BUSY: 'busy',
  CALL_REJECTED: 'declined',
  ORIGINATOR_CANCEL: 'cancelled',
  LOSE_RACE: 'answered-elsewhere',
  PICKED_OFF: 'answered-elsewhere',
  REDIRECTION_TO_NEW_DESTINATION: 'forwarded',
  USER_NOT_REGISTERED: 'not-found',
  SUBSCRIBER_ABSENT: 'not-found',
  UNALLOCATED_NUMBER: 'not-found',
  NO_ROUTE_DESTINATION: 'not-found',
  NO_ROUTE_TRANSIT_NET: 'not-found',
  INVALID_NUMBER_FORMAT: 'not-found',
  DESTINATION_OUT_OF_ORDER: 'not-found',
  NORMAL_TEMPORARY_FAILURE: 'congestion',
  NORMAL_CIRCUIT_CONGESTION: 'congestion',
  SWITCH_CONGESTION: 'congestion',
  NETWORK_OUT_OF_ORDER: 'congestion',
  GATEWAY_DOWN: 'congestion',
  RECOVERY_ON_TIMER_EXPIRE: 'congestion',
};

const ofSipStatus: Record<string, EndCause> = {
  302: 'forwarded',
  404: 'not-found',
  486: 'busy',
  600: 'busy',
  603: 'declined',
};

/** Why a channel that nobody answered was hung up. The phone's own SIP status tells more than the cause it became. */
export function causeOfHangup(event: EslEvent): EndCause {
  const status = ofSipStatus[fieldOf(event, 'variable_sip_term_status')];
  return status ?? ofHangup[fieldOf(event, 'Hangup-Cause')] ?? 'normal';
}
