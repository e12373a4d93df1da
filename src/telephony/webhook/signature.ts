import { createHmac, timingSafeEqual } from 'node:crypto';
import { RingsideError } from '../../platform/errors.ts';

/**
 * Checks `X-Ringside-Signature`: the HMAC-SHA256 of the raw body in hex, with or without `sha256=` before it. Takes the same
 * time whichever byte is wrong. Throws `unauthenticated`.
 */
export function verifySignature(secret: string, rawBody: Buffer, header: string | undefined): void {
  if (header === undefined) {
    throw new RingsideError(
      'unauthenticated',
      'This phone system signs its events, and this one is not signed.',
      {
        fix: 'Send the HMAC-SHA256 of the raw body, in hex, in the header X-Ringside-Signature.',
      },
    );
  }
  const told = Buffer.from(header.trim().replace(/^sha256=/i, ''), 'hex');
  const right = createHmac('sha256', secret).update(rawBody).digest();
  if (told.length === right.length && timingSafeEqual(told, right)) return;
  throw new RingsideError('unauthenticated', 'The signature of this event does not fit its body.', {
    fix: 'Sign the raw body, byte for byte as sent, with the secret shown in Manage Organization.',
  });
}
