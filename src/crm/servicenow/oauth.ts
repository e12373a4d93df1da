import { readToken } from './token-answer.ts';
import { redactor } from './credential.ts';
import type { Credential, TokenSource } from './credential.ts';

export interface OAuthClient {
  clientId: string;
  clientSecret: string;
  /** Left out: the grant `client_credentials`. Given: the grant `password`. */
  user?: { username: string; password: string };
}

/** A token is renewed this long before its end, or after nine tenths of a short life. */
const marginMs = 60_000;

/**
 * OAuth 2.0 with ServiceNow's token endpoint. A token is kept until shortly before it runs out; whoever needs a new one
 * while it is being fetched waits for the same one.
 */
export function oauthCredential({ clientId, clientSecret, user }: OAuthClient): Credential {
  const form: Record<string, string> = {
    grant_type: user ? 'password' : 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...user,
  };
  const who = user?.username ?? clientId;
  const hideSecrets = redactor([clientSecret, user?.password ?? '']);
  let shown = '';

  async function fetchToken({ shelf, post }: TokenSource): Promise<string> {
    const response = await post(form);
    const { value, seconds } = readToken(response, who, hideSecrets);
    const lifeMs = seconds * 1000;
    const endsAt = performance.now() + lifeMs - Math.min(marginMs, lifeMs / 10);
    shelf.token = { value, endsAt };
    return value;
  }

  return {
    method: 'oauth',
    who,
    identity: ['oauth', clientId, clientSecret, user?.username ?? '', user?.password ?? ''],
    async headers(source) {
      const { shelf } = source;
      const kept = shelf.token;
      if (kept !== null && kept.endsAt > performance.now()) shown = kept.value;
      else {
        shelf.coming ??= fetchToken(source).finally(() => {
          shelf.coming = null;
        });
        shown = await shelf.coming;
      }
      return { authorization: `Bearer ${shown}` };
    },
    renew(refused, shelf) {
      // Somebody else may have fetched a new one meanwhile.
      if (refused['authorization'] === `Bearer ${shelf.token?.value}`) shelf.token = null;
      return true;
    },
    redact: (text) => hideSecrets(shown === '' ? text : text.replaceAll(shown, '***')),
  };
}
