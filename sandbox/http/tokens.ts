import { randomBytes } from 'node:crypto';
import type { Instance } from '../instance.ts';
import { parameter, type InstanceRequest } from './instance-request.ts';
import { jsonReply, type Reply } from './reply.ts';

/** The OAuth client that the sandbox knows. Public test data, as the users' password. */
export const oauthClient = {
  id: 'ringside-client',
  secret: 'ringside-client-secret',
  userName: 'ringside.integration',
};
export const apiKey = 'ringside-sandbox-api-key';

/** Access tokens of `/oauth_token.do` (§6). */
export interface Tokens {
  answer(request: InstanceRequest): Reply;
  /** The user of an access token, or undefined. */
  userOf(accessToken: string): string | undefined;
  /** Ends every access token, as an administrator can. */
  expire(): void;
}

interface Token {
  access: string;
  refresh: string;
  userName: string;
  ends: number;
}

const lifetime = 1799;

export function createTokens(instance: Instance): Tokens {
  let tokens: Token[] = [];
  const now = (): number => Math.floor(instance.now().getTime() / 1000);

  /** The same token is given again as long as it lives. */
  function tokenFor(userName: string, refresh?: string): Token {
    const alive = tokens.find((token) => token.userName === userName && token.ends > now());
    if (alive) return alive;
    const seconds = Number(instance.faults.arguments('oauth-lifetime')[0] ?? lifetime);
    const token = {
      access: newToken(),
      refresh: refresh ?? newToken(),
      userName,
      ends: now() + seconds,
    };
    tokens = [...tokens.filter(({ ends }) => ends > now() - 86_400), token];
    return token;
  }

  function answer(request: InstanceRequest): Reply {
    if (request.method !== 'POST') return denied(405, 'invalid_request');
    if (!/^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? ''))
      return denied(400, 'invalid_request');
    const form = new URLSearchParams(request.body.toString('utf8'));
    const value = (name: string): string => form.get(name) ?? '';
    const known =
      value('client_id') === oauthClient.id && value('client_secret') === oauthClient.secret;
    if (!known || instance.faults.arguments('oauth-off').length > 0)
      return denied(401, 'access_denied');
    switch (value('grant_type')) {
      case 'client_credentials':
        return granted(tokenFor(oauthClient.userName), false);
      case 'password': {
        const user = instance.findUser(value('username'));
        const right =
          user !== null && instance.credentials.get(value('username')) === value('password');
        // a web-service-only user has no interactive session, which this grant asks for
        if (!right || user.store.value(user.row, 'web_service_access_only') === 'true')
          return denied(401, 'access_denied');
        return granted(tokenFor(value('username')), true);
      }
      case 'refresh_token': {
        const old = tokens.find(({ refresh }) => refresh === value('refresh_token'));
        return old
          ? granted(tokenFor(old.userName, old.refresh), true)
          : denied(401, 'access_denied');
      }
      default:
        return denied(400, 'unsupported_grant_type');
    }
  }

  function granted(token: Token, refreshable: boolean): Reply {
    return jsonReply(200, {
      scope: 'useraccount',
      token_type: 'Bearer',
      expires_in: token.ends - now(),
      ...(refreshable ? { refresh_token: token.refresh } : {}),
      access_token: token.access,
    });
  }

  return {
    answer,
    userOf: (access) =>
      tokens.find((token) => token.access === access && token.ends > now())?.userName,
    expire() {
      tokens = tokens.map((token) => ({ ...token, ends: 0 }));
    },
  };
}

function denied(status: number, error: string): Reply {
  return jsonReply(status, { error_description: 'access_denied', error });
}

function newToken(): string {
  return randomBytes(64).toString('base64url');
}

/** The API key of a request: header or parameter (§6). */
export function keyOf(request: InstanceRequest): string | null {
  const header = request.headers['x-sn-apikey'];
  if (typeof header === 'string') return header;
  return parameter(request, 'x-sn-apikey') || null;
}
