import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { headerOf, notBelieved } from '../hook-body.ts';
import { refuseOld } from '../hook-time.ts';
import type { HookRequest } from '../port.ts';

const tolerance = 300;

const claimsOf = z.object({
  iat: z.number().int().positive(),
  jti: z.string().min(1).max(256),
  payload_hash: z.string().max(128),
});

/**
 * Checks `Authorization: Bearer`: a JWT of HS256 with the account's signature secret, which is the secret of `request`, that names the
 * SHA-256 of the body. Only HS256 is taken, whatever the token says of itself. Source: Vonage's description of signed webhooks.
 * Throws `unauthenticated`.
 */
export function verifyVonage(request: HookRequest): void {
  const { secret, rawBody } = request;
  if (secret === null)
    throw notBelieved(
      'The signature secret of the Vonage account is not stored, so no event can be verified.',
      'Copy it from the Vonage dashboard, Account > API settings > Signed webhooks.',
    );
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(
    (headerOf(request, 'authorization') ?? '').slice(0, 8192),
  );
  if (token === null)
    throw notBelieved(
      'Vonage signs its events, and this one is not signed.',
      "Switch on 'Use signed webhooks' in the Vonage application, and see that no proxy drops the header Authorization.",
    );
  const [, head = '', claims = '', signature = ''] = token;
  const right = createHmac('sha256', secret).update(`${head}.${claims}`).digest();
  const signed = same(Buffer.from(signature, 'base64url'), right) && usesHs256(head);
  const told = claimsOf.safeParse(jsonOf(claims));
  const hash = createHash('sha256').update(rawBody).digest('hex');
  if (!signed || !told.success || !same(Buffer.from(told.data.payload_hash), Buffer.from(hash)))
    throw notBelieved(
      'The signature of this event does not fit.',
      'Check the signature secret, that its method is SHA-256 HMAC, and that no proxy changes the body of the request.',
    );
  refuseOld(new Date(told.data.iat * 1000), request.receivedAt, tolerance);
}

function usesHs256(head: string): boolean {
  return z.object({ alg: z.literal('HS256') }).safeParse(jsonOf(head)).success;
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function same(told: Buffer, right: Buffer): boolean {
  return told.length === right.length && timingSafeEqual(told, right);
}
