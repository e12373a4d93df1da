import { headerOf } from '../hook-body.ts';
import type { PhoneSystemKind } from '../port.ts';
import { verifySignature } from './signature.ts';
import { translateWebhookEvent } from './translate-event.ts';
import { readWebhookEvent } from './webhook-event.ts';

/** Any phone system that can post the generic CTI format. */
export const webhook: PhoneSystemKind = {
  kind: 'webhook',
  title: 'Webhook (generic CTI format)',
  readHook(request) {
    if (request.secret !== null) {
      verifySignature(request.secret, request.rawBody, headerOf(request, 'x-ringside-signature'));
    }
    return translateWebhookEvent(readWebhookEvent(request), request.receivedAt);
  },
  hookSecret: {
    title: 'Signature secret',
    help: 'Optional. Once it is set, events without a right X-Ringside-Signature (HMAC-SHA256 of the body, in hex) are refused.',
    required: false,
  },
};
