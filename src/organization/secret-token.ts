import { createHash, randomBytes } from 'node:crypto';

/** A secret that stands in a link: 32 random bytes as base64url (43 characters), and the hash that is kept of it. */
export interface SecretToken {
  token: string;
  hash: Buffer;
}

export function newSecretToken(): SecretToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256: the token is random enough that nothing slower is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
