import { createHmac } from 'node:crypto';

/** What a webhook may be told of. */
export const webhookEvents = [
  'call.started',
  'call.answered',
  'call.ended',
  'case.created',
  'check.failed',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/**
 * The headers of a delivery. `X-Ringside-Signature` is `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">` with the secret
 * that was shown once: the receiver compares it and refuses what is older than a few minutes. The delivery's id stays the same in
 * every attempt, so that a receiver can tell repeats.
 */
export function webhookHeaders(
  delivery: { id: string; event: string; body: string },
  secret: string,
  at: Date,
): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000);
  const signed = createHmac('sha256', secret).update(`${seconds}.${delivery.body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'x-ringside-event': delivery.event,
    'x-ringside-delivery': delivery.id,
    'x-ringside-signature': `t=${seconds},v1=${signed}`,
  };
}

/** Where a webhook may point: https, or http on this very machine; without a name and password in it. */
export function webhookUrlFault(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || /[\s\p{Cc}]/u.test(text))
    return 'This is not a URL. Write it like https://example.com/hook.';
  if (url.username !== '' || url.password !== '')
    return 'Leave user name and password out: requests are signed instead.';
  const here = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && here)) return null;
  return 'Write https://: others could read the calls on the way.';
}
