import { randomBytes } from 'node:crypto';
import { cookie } from './headers.ts';
import type { InstanceRequest } from './instance-request.ts';

/** Sessions that a cookie may name. One that the login form opened also wants its token in X-UserToken. */
export interface Sessions {
  open(sessionId: string, userName: string, wantsToken: boolean): void;
  userOf(request: InstanceRequest): string | undefined;
  /** Null when there is no such session. */
  tokenOf(sessionId: string): string | null;
}

interface Session {
  userName: string;
  token: string;
  wantsToken: boolean;
}

const keptAtMost = 10_000;

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();

  return {
    open(sessionId, userName, wantsToken) {
      const known = sessions.get(sessionId);
      if (known?.userName === userName) return;
      sessions.set(sessionId, { userName, token: randomBytes(36).toString('hex'), wantsToken });
      if (sessions.size > keptAtMost) sessions.delete(sessions.keys().next().value!);
    },
    userOf({ headers }) {
      const session = sessions.get(cookie(headers.cookie, 'JSESSIONID') ?? '');
      if (!session) return undefined;
      return !session.wantsToken || headers['x-usertoken'] === session.token
        ? session.userName
        : undefined;
    },
    tokenOf: (sessionId) => sessions.get(sessionId)?.token ?? null,
  };
}
