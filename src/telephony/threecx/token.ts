import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HttpClient } from '../../platform/http-client.ts';
import { LinkError } from '../link-error.ts';
import { jsonOf, throughHttp } from './answer.ts';
import type { ThreecxSettings } from './settings.ts';

/**
 * The token of one API client. A new one kills the old one, so everybody who talks to a 3CX shares one manager, and a token is only
 * asked for when there is none, when it runs out, or when the 3CX refused it.
 */
export interface TokenManager {
  /** `refused`: the token that was just refused; another one that came meanwhile is answered as it is. Throws LinkError. */
  token(http: HttpClient, refused?: string): Promise<string>;
}

/** A token is renewed this long before its end. */
const marginMs = 30_000;

const tokenAnswer = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.number().positive().optional(),
});

const managers = new Map<string, TokenManager>();

/** The one manager of this client at this 3CX: also a test, beside a link that is up, uses the link's token. */
export function tokenManager(settings: ThreecxSettings): TokenManager {
  const secret = createHash('sha256').update(settings.apiKey).digest('hex');
  const key = `${settings.url} ${settings.clientId} ${secret}`;
  const known = managers.get(key);
  if (known) return known;
  if (managers.size > 1000) managers.clear();
  const manager = createTokenManager(settings);
  managers.set(key, manager);
  return manager;
}

export function createTokenManager(
  settings: ThreecxSettings,
  now: () => number = Date.now,
): TokenManager {
  let current: { token: string; until: number } | null = null;
  let asking: Promise<string> | null = null;

  async function ask(http: HttpClient): Promise<string> {
    const { status, text } = await throughHttp(settings.url, () =>
      http.request({
        method: 'POST',
        url: `${settings.url}/connect/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          client_id: settings.clientId,
          client_secret: settings.apiKey,
          grant_type: 'client_credentials',
        }).toString(),
      }),
    );
    const answer = tokenAnswer.safeParse(jsonOf(text));
    if (status === 400 || status === 401 || status === 403) throw refusedKey(settings);
    if (status !== 200 || !answer.success) throw notThreecx(settings.url, status);
    const { access_token: token, expires_in: told = 3600 } = answer.data;
    current = { token, until: now() + lifetimeMs(told) - marginMs };
    return token;
  }

  return {
    async token(http, refused) {
      if (asking) return asking;
      const usable = current !== null && current.token !== refused && now() < current.until;
      if (current && usable) return current.token;
      asking = ask(http).finally(() => (asking = null));
      return asking;
    },
  };
}

/** `expires_in` counts seconds since 20.0.9 and minutes before, where it says 60: nobody gives tokens for less than 5 minutes. */
function lifetimeMs(expiresIn: number): number {
  return expiresIn * (expiresIn < 300 ? 60_000 : 1000);
}

function refusedKey({ url, clientId }: ThreecxSettings): LinkError {
  return new LinkError(
    'unauthorized',
    `${url} refuses the API client '${clientId}'.`,
    'Check Client ID and API key under Integrations > API in the Admin Console; make a new key when in doubt.',
  );
}

function notThreecx(url: string, status: number): LinkError {
  return new LinkError(
    'wrong-protocol',
    `What answers at ${url} is not a 3CX v20 (status ${status} at /connect/token).`,
    'Check the address: it is the one of the Admin Console, with its port when it has one.',
  );
}
