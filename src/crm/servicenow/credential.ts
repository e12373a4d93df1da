import type { HttpResponse } from '../../platform/http-client.ts';

export type SignInMethod = 'basic' | 'oauth' | 'api-key';

/** How a request proves who it comes from. */
export interface Credential {
  method: SignInMethod;
  /** Who signs in, for the sentences: a user name, a client's id, or ''. */
  who: string;
  /** Everything that the credential consists of; another credential has another identity. */
  identity: readonly string[];
  /** Headers that sign a request in. Throws CrmError when they cannot be had. */
  headers(ask: TokenSource): Promise<Record<string, string>>;
  /** The instance refused these headers; true when `headers` may have better ones now. */
  renew(refused: Record<string, string>, shelf: TokenShelf): boolean;
  /** Removes everything secret from text that came from outside, before anybody sees it. */
  redact(text: string): string;
}

/** Where an access token is kept between requests. */
export interface TokenShelf {
  token: { value: string; endsAt: number } | null;
  /** The request for a new one that is under way. */
  coming: Promise<string> | null;
}

/** Where an OAuth credential gets its token from. */
export interface TokenSource {
  shelf: TokenShelf;
  /** POST to the token endpoint, form-encoded. */
  post(form: Record<string, string>): Promise<HttpResponse>;
}

/** Basic authentication (RFC 7617), UTF-8. */
export function basicCredential(username: string, password: string): Credential {
  const encoded = base64(`${username}:${password}`);
  return {
    method: 'basic',
    who: username,
    identity: ['basic', username, password],
    headers: async () => ({ authorization: `Basic ${encoded}` }),
    renew: () => false,
    redact: redactor([encoded, password]),
  };
}

/** An API key of ServiceNow: header x-sn-apikey (product documentation, 'REST API key'). */
export function apiKeyCredential(key: string): Credential {
  return {
    method: 'api-key',
    who: '',
    identity: ['api-key', key],
    headers: async () => ({ 'x-sn-apikey': key }),
    renew: () => false,
    redact: redactor([key]),
  };
}

/** Takes these out of a text, also as base64 and percent-encoded. */
export function redactor(secrets: string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, base64(secret), encodeURIComponent(secret.toWellFormed())])
    .filter((form) => form !== '')
    .toSorted((a, b) => b.length - a.length);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, '***'), text);
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
