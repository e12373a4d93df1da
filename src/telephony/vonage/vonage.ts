import type { PhoneSystemKind } from '../port.ts';
import { verifyVonage } from './signature.ts';
import { translateVonageEvent } from './translate-event.ts';
import { readVonageEvent } from './vonage-event.ts';

export const vonage: PhoneSystemKind = {
  kind: 'vonage',
  title: 'Vonage (Voice API webhooks)',
  readHook(request) {
    verifyVonage(request);
    const query = new URL(request.url).searchParams;
    return translateVonageEvent(readVonageEvent(request), query, request.receivedAt);
  },
  hookSecret: {
    title: 'Signature secret',
    help: 'Vonage dashboard: Account > API settings > Signed webhooks, method SHA-256 HMAC. Events are verified with it.',
    required: true,
  },
};
