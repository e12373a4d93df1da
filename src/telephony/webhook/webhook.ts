import type { HookRequest, PhoneSystemKind } from '../port.ts';
import { verifySignature } from './signature.ts';
import { translateWebhookEvent } from './translate-event.ts';
import { readWebhookEvent } from './webhook-event.ts';

/** Any phone system that can post the generic CTI format. */
export const webhook: PhoneSystemKind = {
  kind: 'webhook',
  title: 'Webhook (generic CTI format)',
  readHook(request) {
    if (request.secret !== null) {
      verifySignature(request.secret, request.rawBody, header(request, 'x-ringside-signature'));
    }
    const event = readWebhookEvent(request.rawBody, header(request, 'content-type') ?? '');
    return translateWebhookEvent(event, request.receivedAt);
  },
};

function header(request: HookRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
