/**
 * What any phone system must tell us. An adapter turns its own protocol into these facts; `calls/` folds them into Calls.
 * Facts may arrive twice, late or in any order: each says what is true, never 'what comes next'.
 */

/** Why a leg or a call ended, whatever the phone system calls it. */
export type EndCause =
  | 'normal'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'cancelled'
  | 'answered-elsewhere'
  | 'not-found'
  | 'congestion'
  | 'forwarded'
  | 'unknown';

export type Direction = 'inbound' | 'outbound' | 'internal';

interface EventBase {
  /** The phone system's own id of the conversation. */
  call: string;
  /** When it happened, by the phone system's clock where it tells, else when we received it. */
  at: Date;
}

/** A leg is one phone's part in a call. `leg` is unique within the call; the webhook format uses the extension. */
export type PhoneEvent =
  | (EventBase & {
      type: 'call-started';
      direction: Direction;
      /** As received: a number in any notation, `anonymous`, '' … Hostile text. */
      from: string;
      to: string;
      queue: string | null;
    })
  | (EventBase & { type: 'leg-ringing'; leg: string; extension: string })
  | (EventBase & { type: 'leg-answered'; leg: string; extension: string | null })
  | (EventBase & { type: 'leg-ended'; leg: string; cause: EndCause })
  | (EventBase & { type: 'call-ended'; cause: EndCause });
