import { createHmac } from 'node:crypto';

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
