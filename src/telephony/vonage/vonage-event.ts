import { z } from 'zod';
import { readEvent, readFields } from '../hook-body.ts';
import { id, moment, number, oneOf, text } from '../hook-field.ts';
import type { HookRequest } from '../port.ts';

/*
 * What the Vonage Voice API posts to an event URL (source: Vonage's public description of voice webhooks). Numbers come without '+'.
 * Fields that are not ours are let through unread.
 */

const vonageEvent = z.object({
  /** The leg. */
  uuid: id.optional(),
  /** The call. */
  conversation_uuid: id.optional(),
  conversation_uuid_from: id.optional(),
  conversation_uuid_to: id.optional(),
  from: number.nullish(),
  to: number.nullish(),
  direction: oneOf('inbound', 'outbound').nullish(),
  status: text(32).optional(),
  timestamp: moment.optional(),
  recording_uuid: text(128).nullish(),
});
export type VonageEvent = z.output<typeof vonageEvent>;

/** Throws `invalid-input` that names each wrong field. */
export function readVonageEvent(request: HookRequest): VonageEvent {
  return readEvent(vonageEvent, readFields(request), {
    message: 'This is not an event as the Vonage Voice API posts it.',
    fix: 'Use this address as the event URL of the application, with the method POST.',
  });
}
