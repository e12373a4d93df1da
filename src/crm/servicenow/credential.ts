/**
 * How a request proves who it comes from. Basic is the first kind; OAuth and API keys fit behind the same two functions.
 */
export interface Credential {
  /** Headers that sign a request in. */
  headers(): Record<string, string>;
  /** Removes everything secret from text that came from outside, before anybody sees it. */
  redact(text: string): string;
}

/** Basic authentication (RFC 7617), UTF-8. */
export function basicCredential(username: string, password: string): Credential {
  const encoded = base64(`${username}:${password}`);
  const secrets = [encoded, password, base64(password), encodeURIComponent(password.toWellFormed())]
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length);
  return {
    headers: () => ({ authorization: `Basic ${encoded}` }),
    redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
  };
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
