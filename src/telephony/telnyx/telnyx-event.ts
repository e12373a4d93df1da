import { z } from 'zod';
import { readEvent, readJson } from '../hook-body.ts';
import { id, moment, number, oneOf, text } from '../hook-field.ts';
import type { HookRequest } from '../port.ts';

/*
 * What Telnyx posts about a call that its Voice API handles (source: telnyx 7.24 and the public description of its webhooks).
 * Fields that are not ours are let through unread.
 */

const telnyxEvent = z.object({
  data: z.object({
    event_type: text(64),
    occurred_at: moment.optional(),
    payload: z.object({
      /** The call; the legs that belong together share it. */
      call_session_id: id,
      call_leg_id: id,
      from: number.nullish(),
      to: number.nullish(),
      direction: oneOf('incoming', 'outgoing', 'inbound', 'outbound').nullish(),
      queue: text(128).nullish(),
      hangup_cause: text(64).nullish(),
      sip_hangup_cause: text(8).nullish(),
      sip_refer_to: text(256).nullish(),
      recording_id: text(128).nullish(),
    }),
  }),
});
export type TelnyxEvent = z.output<typeof telnyxEvent>['data'];

/** An event about something else than a call has no `call_session_id`. */
const anyEvent = z.object({ data: z.object({ event_type: text(64) }) });

/** Null for an event that is not about a call. Throws `invalid-input` that names each wrong field. */
export function readTelnyxEvent(request: HookRequest): TelnyxEvent | null {
  const fields = readJson(request.rawBody);
  const said = {
    message: 'This is not an event as Telnyx posts it.',
    fix: 'Use this address as the webhook URL of a Voice API application, with API version 2.',
  };
  const { event_type: type } = readEvent(anyEvent, fields, said).data;
  return type.startsWith('call.') ? readEvent(telnyxEvent, fields, said).data : null;
}
