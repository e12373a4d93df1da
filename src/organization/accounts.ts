import { hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { mayHaveSession, sessionByToken, touchSession } from './account-store.ts';
import { readSessionToken } from './session-cookie.ts';
import type { Viewer } from './viewer.ts';

/** Where a request comes from. `cookie` is the whole Cookie header, '' when there is none. */
export interface Client {
  address: string;
  userAgent: string;
  cookie: string;
}

/** Who is signed in. `cookies` are Set-Cookie lines to send along (a session that was prolonged), mostly none. */
export interface SignedIn {
  viewer: Viewer;
  sessionId: string;
  cookies: string[];
}

/** Accounts and sessions, kept by better-auth (docs/decisions/0001-accounts.md). */
export interface Accounts {
  /** Answers the Set-Cookie lines. Throws `unauthenticated`, the same for an unknown e-mail, a wrong password and a deactivated person. */
  signIn(
    client: Client,
    input: { email: string; password: string; remember?: boolean },
  ): Promise<string[]>;
  signOut(client: Client): Promise<string[]>;
  /** Ends the other sessions. Throws `invalid-input` when the current password is wrong. */
  changePassword(
    client: Client,
    input: { currentPassword: string; newPassword: string },
  ): Promise<string[]>;
  /** Null when there is no session, it has ended, or the person was deactivated. */
  authenticate(client: Client): Promise<SignedIn | null>;
}

export interface AccountsDeps {
  db: Database;
  clock: Clock;
  log: Log;
  /** See {@link accountSecret}. */
  secret: string;
  /** Whether browsers reach us by https; then cookies are Secure. */
  secure: boolean;
}

const day = 86_400;
const sessionDays = 7;
// better-auth wants a base URL to match paths; no link is ever made from it.
const base = 'http://ringside.invalid/api/auth';

/** The key that signs session cookies, derived from the hub's key file (HKDF-SHA256). */
export function accountSecret(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'ringside session cookies', 32)).toString(
    'base64',
  );
}

export async function createAccounts(deps: AccountsDeps): Promise<Accounts> {
  const { db, clock, secret } = deps;
  const auth = openBetterAuth(deps);
  const { authCookies } = await auth.$context;
  const cookieName = authCookies.sessionToken.name;
  const forgetName = authCookies.dontRememberToken.name;

  const ask = (
    client: Client,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<Response> =>
    auth.handler(
      new Request(`${base}${path}`, {
        method,
        headers: {
          'x-ringside-address': client.address,
          'user-agent': client.userAgent.slice(0, 400),
          ...(client.cookie === '' ? {} : { cookie: client.cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );

  return {
    async signIn(client, input) {
      const response = await ask({ ...client, cookie: '' }, 'POST', '/sign-in/email', {
        email: input.email,
        password: input.password,
        rememberMe: input.remember ?? true,
      });
      if (response.ok) return response.headers.getSetCookie();
      if (response.status >= 500)
        throw new Error(`better-auth answered ${response.status} to a sign-in`);
      throw new RingsideError(
        'unauthenticated',
        'This e-mail and password do not belong together.',
        {
          fix: 'Check both. Forgotten? An administrator can send you a new link under CRM User Mappings.',
        },
      );
    },

    async signOut(client) {
      return (await ask(client, 'POST', '/sign-out', {})).headers.getSetCookie();
    },

    async changePassword(client, input) {
      const response = await ask(client, 'POST', '/change-password', {
        ...input,
        revokeOtherSessions: true,
      });
      if (response.ok) return response.headers.getSetCookie();
      if (response.status >= 500)
        throw new Error(`better-auth answered ${response.status} to a change of password`);
      throw new RingsideError('invalid-input', 'The password was not changed.', {
        fields: [{ field: 'currentPassword', message: 'This is not your current password.' }],
      });
    },

    async authenticate(client) {
      const token = readSessionToken(client.cookie, cookieName, secret);
      if (token === null) return null;
      const now = clock.now();
      const found = await sessionByToken(db, token, now);
      if (found === null) return null;
      await touchSession(db, found, now);
      const stale = found.expiresAt.getTime() - now.getTime() < (sessionDays - 1) * day * 1000;
      const prolong = stale && !client.cookie.includes(forgetName);
      const cookies = prolong
        ? (await ask(client, 'GET', '/get-session')).headers.getSetCookie()
        : [];
      return { viewer: found.viewer, sessionId: found.id, cookies };
    },
  };
}

function openBetterAuth({ db, log, secret, secure }: AccountsDeps) {
  return betterAuth({
    baseURL: base,
    basePath: '/api/auth',
    secret,
    database: { db, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    // Accounts are made by set-up and invitations alone.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
    },
    // Attempts are counted by limit-sign-in.ts (shared by all nodes); origins are checked by http/ for every route.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'ringside',
      useSecureCookies: secure,
      disableCSRFCheck: true,
      disableOriginCheck: true,
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: ['x-ringside-address'] },
    },
    logger: {
      level: 'error',
      log: (_level, message, ...rest) =>
        log.error({ err: rest.find((item) => item instanceof Error) }, `accounts: ${message}`),
    },
    user: {
      modelName: 'account_user',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'account_session',
      expiresIn: sessionDays * day,
      updateAge: day,
      fields: {
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
      },
    },
    account: {
      modelName: 'account_credential',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'account_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => ((await mayHaveSession(db, userId)) ? undefined : false),
        },
      },
    },
  });
}
