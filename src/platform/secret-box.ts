import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RingsideError } from './errors.ts';

/**
 * Encrypts secrets at rest. `context` says whose secret it is, for example
 * `crm_connection/<organization>/<id>/password`: a sealed text copied into another row does not open.
 */
export interface SecretBox {
  /** Answers `v1:` and base64url of nonce, ciphertext and tag; twice the same secret looks different. */
  seal(plain: string, context: string): string;
  /** Throws `internal` when the text was made with another key, for another row, or was changed. */
  open(sealed: string, context: string): string;
}

const version = 'v1';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce each time; `key` holds 32 bytes, see {@link loadOrCreateKey}. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== keyBytes) throw new TypeError(`A key has ${keyBytes} bytes.`);
  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(`${version}:${context}`, 'utf8'));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${version}:${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, context) {
      const [head, text, ...rest] = sealed.split(':');
      const bytes = Buffer.from(text ?? '', 'base64url');
      if (head !== version || rest.length > 0 || bytes.length < nonceBytes + tagBytes) {
        throw cannotOpen('It is not in a known format.');
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(`${version}:${context}`, 'utf8'));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const body = bytes.subarray(nonceBytes, -tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        throw cannotOpen('It was made with another key file, or was changed.');
      }
    },
  };
}

function cannotOpen(why: string): RingsideError {
  return new RingsideError('internal', `A stored secret cannot be opened. ${why}`, {
    fix: 'Put the key file back that was in use when the secret was stored, or enter the secret again.',
  });
}

/**
 * The 32-byte key in `file` (base64 on one line). Made at the first start with mode 0600: whole or not at all, and
 * when several processes start at once all get the same key.
 */
export function loadOrCreateKey(file: string): Buffer {
  const found = readKey(file);
  if (found !== null) return found;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    // The mode given above is cut down by the umask; this one is exact.
    chmodSync(draft, 0o600);
    // link() refuses to replace a file, rename() would not.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw wrongKey(file, 'it cannot be written', error);
  } finally {
    unlinkSync(draft);
  }
  const key = readKey(file);
  if (key === null) throw wrongKey(file, 'it vanished right after it was made');
  return key;
}

/** Where the key that is to take over lies, while it is being changed. */
export const nextKeyFile = (file: string): string => `${file}.next`;
/** Where the key that was replaced last lies. */
export const previousKeyFile = (file: string): string => `${file}.previous`;

/** The key file, and the one that is to take over while there is one. Makes nothing. */
export function knownKeys(file: string): Buffer[] {
  return [readKey(file), readKey(nextKeyFile(file))].filter((key) => key !== null);
}

/** The new key takes over: the old file is kept as the previous one. May be called again after it was stopped anywhere. */
export function takeNextKey(file: string): void {
  if (readKey(nextKeyFile(file)) === null) return;
  rmSync(previousKeyFile(file), { force: true });
  linkSync(file, previousKeyFile(file));
  renameSync(nextKeyFile(file), file);
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw wrongKey(file, 'it cannot be read', error);
  }
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) {
    throw wrongKey(file, 'it does not hold 32 bytes as base64 on one line');
  }
  return Buffer.from(text, 'base64');
}

function wrongKey(file: string, why: string, cause?: unknown): RingsideError {
  return new RingsideError('invalid-input', `The key file ${file} cannot be used: ${why}.`, {
    fix: 'Put back the file from your backup, or name the right one with RINGSIDE_KEY_FILE. Without it the stored passwords are lost and must be entered again.',
    cause,
  });
}
