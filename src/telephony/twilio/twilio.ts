import { refuseOld } from '../hook-time.ts';
import type { PhoneSystemKind } from '../port.ts';
import { verifyTwilio } from './signature.ts';
import { translateTwilioEvent } from './translate-event.ts';
import { readTwilioEvent } from './twilio-event.ts';

/** Seconds that an event may be old; Twilio tries again within a minute. */
const tolerance = 300;

export const twilio: PhoneSystemKind = {
  kind: 'twilio',
  title: 'Twilio (status callbacks)',
  readHook(request) {
    verifyTwilio(request);
    const event = readTwilioEvent(request);
    if (event.Timestamp) refuseOld(event.Timestamp, request.receivedAt, tolerance);
    const query = new URL(request.url).searchParams;
    return translateTwilioEvent(event, query, request.receivedAt);
  },
  hookSecret: {
    title: 'Auth token',
    help: 'Of the Twilio account or subaccount that owns the numbers; it stands on the first page of the Twilio console. Events are verified with it.',
    required: true,
  },
};
