import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/**
 * Stands for a text that whoever holds the reference may use and not read. `context` says whose it is: another's reference does not open.
 * The same text has the same reference, so that two of them can be compared.
 */
export interface References {
  /** `ref:` and base64url. */
  make(plain: string, context: string): string;
  /** Null for what is no reference, was made for somebody else or with another key, or was changed. */
  open(reference: string, context: string): string | null;
}

const prefix = 'ref:';
const nonceBytes = 12;
const tagBytes = 16;

export const isReference = (text: string): boolean => text.startsWith(prefix);

/** AES-256-GCM with a nonce made of the text (HMAC-SHA256), under keys derived from the hub's key for this purpose alone. */
export function createReferences(hubKey: Buffer, purpose: string): References {
  const keys = Buffer.from(hkdfSync('sha256', hubKey, '', `ringside references: ${purpose}`, 64));
  const [key, macKey] = [keys.subarray(0, 32), keys.subarray(32)];
  return {
    make(plain, context) {
      const nonce = createHmac('sha256', macKey)
        .update(`${context}\n${plain}`)
        .digest()
        .subarray(0, nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(reference, context) {
      const bytes = Buffer.from(reference.slice(prefix.length), 'base64url');
      if (!isReference(reference) || bytes.length < nonceBytes + tagBytes) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const body = bytes.subarray(nonceBytes, -tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
