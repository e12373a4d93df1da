import type { PhoneSystemKind } from '../port.ts';
import { verifyTelnyx } from './signature.ts';
import { readTelnyxEvent } from './telnyx-event.ts';
import { translateTelnyxEvent } from './translate-event.ts';

export const telnyx: PhoneSystemKind = {
  kind: 'telnyx',
  title: 'Telnyx (Voice API webhooks)',
  readHook(request) {
    verifyTelnyx(request);
    const event = readTelnyxEvent(request);
    if (event === null) return [];
    return translateTelnyxEvent(event, new URL(request.url).searchParams, request.receivedAt);
  },
  hookSecret: {
    title: 'Public key',
    help: 'Telnyx portal: Account Settings > Keys & Credentials > Public Key, 44 characters. Events are verified with it.',
    required: true,
  },
};
