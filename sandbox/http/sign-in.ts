import type { Instance } from '../instance.ts';
import { cookie } from './headers.ts';
import type { InstanceRequest, SignedInRequest } from './instance-request.ts';
import { errorReply, type Reply } from './reply.ts';

/** Sessions that a cookie may name, by JSESSIONID; the oldest go first. */
export type Sessions = Map<string, string>;

const sessionsAtMost = 10_000;

/**
 * Who sends a request: Basic auth, or the cookie of a session that was opened so. Every refusal looks alike (§1.5): a wrong password, a locked
 * user and a person whom the Basic Auth Restriction keeps out (§6) cannot be told apart.
 */
export function signIn(
  instance: Instance,
  sessions: Sessions,
  sessionId: string,
  request: InstanceRequest,
): SignedInRequest | Reply {
  const header = request.headers.authorization;
  const userName =
    header === undefined
      ? sessions.get(cookie(request.headers.cookie, 'JSESSIONID') ?? '')
      : basicUser(instance, header);
  if (instance.faults.happens('refuse-sign-in', request.path) !== null || userName === undefined)
    return notAuthenticated();
  const user = instance.findUser(userName);
  if (!user) return notAuthenticated();
  if (header !== undefined) {
    const says = (field: string): boolean => user.store.value(user.row, field) === 'true';
    if (!says('active') || says('locked_out')) return notAuthenticated();
    if (userName === 'interactive.user') return notAuthenticated();
    if (
      (instance.faults.happens('mfa', request.path) !== null || userName === 'mfa.user') &&
      request.headers['x-mfa_token'] === undefined
    ) {
      return notAuthenticated({ 'X-MFA_TOKEN': 'invalid' });
    }
    sessions.set(sessionId, userName);
    if (sessions.size > sessionsAtMost) sessions.delete(sessions.keys().next().value!);
  }
  return { ...request, user: { sysId: user.store.value(user.row, 'sys_id'), userName } };
}

function basicUser(instance: Instance, header: string): string | undefined {
  const match = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header.trim());
  if (!match) return undefined;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const userName = text.slice(0, colon);
  return colon > 0 && instance.credentials.get(userName) === text.slice(colon + 1)
    ? userName
    : undefined;
}

export function notAuthenticated(headers: Reply['headers'] = {}): Reply {
  return errorReply(401, 'User Not Authenticated', 'Required to provide Auth information', {
    'WWW-Authenticate': 'BASIC realm="Service-now"',
    ...headers,
  });
}
