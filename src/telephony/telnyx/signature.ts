import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { headerOf, notBelieved } from '../hook-body.ts';
import { refuseOld } from '../hook-time.ts';
import type { HookRequest } from '../port.ts';

const tolerance = 300;
/** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
const prefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Checks `Telnyx-Signature-Ed25519`: base64 of the Ed25519 signature over `timestamp|body` with the account's key, which is the secret
 * of `request`. Source: telnyx 7.24. Throws `unauthenticated`.
 */
export function verifyTelnyx(request: HookRequest): void {
  const key = keyOf(request.secret);
  const signature = headerOf(request, 'telnyx-signature-ed25519');
  const timestamp = headerOf(request, 'telnyx-timestamp') ?? '';
  if (signature === undefined || !/^\d{1,12}$/.test(timestamp))
    throw notBelieved(
      'Telnyx signs its events, and this one is not signed.',
      'If it came from Telnyx, see that no proxy drops the headers telnyx-signature-ed25519 and telnyx-timestamp, and that webhooks use API version 2.',
    );
  const told = Buffer.from(signature.slice(0, 1024), 'base64');
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), request.rawBody]);
  if (told.length !== 64 || !verify(null, signed, key, told))
    throw notBelieved(
      'The signature of this event does not fit.',
      'Check the public key, and that no proxy changes the body of the request.',
    );
  refuseOld(new Date(Number(timestamp) * 1000), request.receivedAt, tolerance);
}

function keyOf(secret: string | null): KeyObject {
  const bytes = Buffer.from(secret ?? '', 'base64');
  if (bytes.length !== 32)
    throw notBelieved(
      secret === null
        ? 'The public key of the Telnyx account is not stored, so no event can be verified.'
        : 'What is stored is not the public key of a Telnyx account.',
      'Copy it from the Telnyx portal, Account Settings > Keys & Credentials > Public Key: 44 characters.',
    );
  return createPublicKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'spki' });
}
