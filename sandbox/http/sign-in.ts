import type { Instance } from '../instance.ts';
import type { InstanceRequest, SignedInRequest } from './instance-request.ts';
import { errorReply, type Reply } from './reply.ts';
import type { Sessions } from './sessions.ts';
import { apiKey, keyOf, oauthClient, type Tokens } from './tokens.ts';

export interface SignIn {
  /** Who sends a request, or the 401. Opens a session of that id. */
  identify(request: InstanceRequest, sessionId: string): SignedInRequest | Reply;
}

/**
 * Basic auth, access token, API key, or the cookie of a session opened so. Every refusal looks alike (§1.5): a wrong password, a locked user and a person
 * whom the Basic Auth Restriction keeps out (§6) cannot be told apart.
 */
export function createSignIn(instance: Instance, tokens: Tokens, sessions: Sessions): SignIn {
  const failures = new Map<string, number>();
  const on = (name: string): boolean => instance.faults.arguments(name).length > 0;

  /** Undefined when nothing valid was sent. */
  function basicUser(header: string, request: InstanceRequest): string | undefined {
    const text = Buffer.from(
      /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header.trim())?.[1] ?? '',
      'base64',
    ).toString('utf8');
    const colon = text.indexOf(':');
    const userName = text.slice(0, Math.max(colon, 0));
    if (instance.faults.happens('refuse-sign-in', request.path) !== null) return undefined;
    if (colon > 0 && instance.credentials.get(userName) === text.slice(colon + 1)) {
      failures.delete(userName);
      return mayUseBasic(userName) ? userName : undefined;
    }
    countFailure(userName);
    return undefined;
  }

  function mayUseBasic(userName: string): boolean {
    const user = instance.findUser(userName);
    const forPrograms = user?.store.value(user.row, 'web_service_access_only') === 'true';
    return userName !== 'interactive.user' && (forPrograms || !on('basic-auth-restriction'));
  }

  function countFailure(userName: string): void {
    const count = (failures.get(userName) ?? 0) + 1;
    failures.set(userName, count);
    const user = instance.findUser(userName);
    const limit = instance.faults.arguments('lockout')[0];
    if (!user) return;
    const locked = limit !== undefined && count >= Number(limit);
    user.store.change(user.row, {
      failed_attempts: String(count),
      ...(locked ? { locked_out: 'true' } : {}),
    });
  }

  function userOf(request: InstanceRequest): string | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      return /^Bearer /i.test(authorization)
        ? tokens.userOf(authorization.slice(7).trim())
        : basicUser(authorization, request);
    }
    const key = keyOf(request);
    if (key !== null)
      return key === apiKey && !on('api-key-off') ? oauthClient.userName : undefined;
    return sessions.userOf(request);
  }

  return {
    identify(request, sessionId) {
      const userName = userOf(request);
      const user = userName === undefined ? null : instance.findUser(userName);
      if (userName === undefined || !user) return notAuthenticated();
      const says = (field: string): boolean => user.store.value(user.row, field) === 'true';
      if (!says('active') || says('locked_out')) return notAuthenticated();
      const needsCode =
        userName === 'mfa.user' || instance.faults.happens('mfa', request.path) !== null;
      if (needsCode && /^Basic /i.test(request.headers.authorization ?? ''))
        return notAuthenticated({ 'X-MFA_TOKEN': 'invalid' });
      sessions.open(sessionId, userName, false);
      return { ...request, user: { sysId: user.store.value(user.row, 'sys_id'), userName } };
    },
  };
}

function notAuthenticated(headers: Reply['headers'] = {}): Reply {
  return errorReply(401, 'User Not Authenticated', 'Required to provide Auth information', {
    'WWW-Authenticate': 'BASIC realm="Service-now"',
    ...headers,
  });
}
