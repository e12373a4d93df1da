import { hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import {
  countAttempt,
  markSingleSignOn,
  mayHaveSession,
  removeSessionByToken,
  sessionByToken,
  touchSession,
} from './account-store.ts';
import { enterPath, enterPlugin } from './enter-plugin.ts';
import { needsSecondFactor } from './second-factor.ts';
import { forgetTrustedBrowsers } from './second-factor-store.ts';
import { isSuspended } from './operator-store.ts';
import { readCookie, readSessionToken } from './session-cookie.ts';
import { barsPassword } from './single-sign-on-store.ts';
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
  /** The organization asks for a second factor that the account does not have yet. */
  lacksSecondFactor: boolean;
  cookies: string[];
}

/** What came of an e-mail and a password. `cookies` are Set-Cookie lines, also when a code is still to come. */
export interface SignInStep {
  cookies: string[];
  needsCode: boolean;
}

/** Accounts and sessions, kept by better-auth (docs/decisions/0001-accounts.md). */
export interface Accounts {
  /** Throws `unauthenticated`, the same for an unknown e-mail, a wrong password and a deactivated person. */
  signIn(
    client: Client,
    input: { email: string; password: string; remember?: boolean },
  ): Promise<SignInStep>;
  /**
   * The second step, within ten minutes of the first: six digits of the app, or a recovery code, which is used up. Throws
   * `unauthenticated`, or `too-many-requests` after ten wrong ones in a row.
   */
  enterCode(client: Client, input: { code: string; trustBrowser: boolean }): Promise<string[]>;
  /** Makes a new secret and recovery codes; counts only once {@link confirmSecondFactor} has seen a code of it. */
  startSecondFactor(
    client: Client,
    password: string,
  ): Promise<{ uri: string; recoveryCodes: string[] }>;
  /** Throws `invalid-input` when the code is wrong. */
  confirmSecondFactor(client: Client, code: string): Promise<string[]>;
  removeSecondFactor(client: Client, password: string): Promise<string[]>;
  /** The old ones stop working. */
  renewRecoveryCodes(client: Client, password: string): Promise<string[]>;
  /** Signs an account in that a provider vouches for; null when its person is not active. */
  enter(client: Client, userId: string): Promise<string[] | null>;
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
const codeSeconds = 120;
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
  // better-auth's own word, behind the same prefix as the others.
  const trustName = cookieName.replace(/session_token$/, 'trust_device');

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
      // A browser that was let off the second factor says so; no other cookie counts.
      const trust = readCookie(client.cookie, trustName);
      const cookie = trust === null ? '' : `${trustName}=${encodeURIComponent(trust)}`;
      const response = await ask({ ...client, cookie }, 'POST', '/sign-in/email', {
        email: input.email,
        password: input.password,
        rememberMe: input.remember ?? true,
      });
      if (response.ok) {
        const { twoFactorRedirect = false } = (await response.json()) as {
          twoFactorRedirect?: boolean;
        };
        return { cookies: response.headers.getSetCookie(), needsCode: twoFactorRedirect };
      }
      if (response.status >= 500)
        throw new Error(`better-auth answered ${response.status} to a sign-in`);
      const { code } = (await response.json()) as { code?: string };
      // Told only to whoever knew the password.
      if (code === 'FAILED_TO_CREATE_SESSION' && (await barsPassword(db, input)))
        throw singleSignOnOnly();
      if (code === 'FAILED_TO_CREATE_SESSION' && (await isSuspended(db, input.email)))
        throw suspended();
      throw new RingsideError(
        'unauthenticated',
        'This e-mail and password do not belong together.',
        {
          fix: 'Check both. Forgotten? See below.',
        },
      );
    },

    async enterCode(client, { code, trustBrowser }) {
      const digits = code.replace(/\s/g, '');
      const [path, typed] = /^\d{6}$/.test(digits)
        ? ['/two-factor/verify-totp', digits]
        : ['/two-factor/verify-backup-code', code.trim()];
      const body = { code: typed, trustDevice: trustBrowser };
      const response = await ask(client, 'POST', path, body);
      if (!response.ok) throw await codeRefusal(response);
      const { token, user } = (await response.json()) as { token: string; user: { id: string } };
      // A code of the app is good for its half minute and the ones beside it; somebody who looks on must not use it again.
      const use = `code:${user.id}:${typed}`;
      const { count } = await countAttempt(db, use, codeSeconds, clock.now());
      if (count > 1) {
        await removeSessionByToken(db, token);
        throw wrongCode();
      }
      return response.headers.getSetCookie();
    },

    async startSecondFactor(client, password) {
      const response = await ask(client, 'POST', '/two-factor/enable', { password });
      if (!response.ok) throw await passwordRefusal(response, 'There is no second factor yet.');
      const { totpURI, backupCodes } = (await response.json()) as {
        totpURI: string;
        backupCodes: string[];
      };
      return { uri: totpURI, recoveryCodes: backupCodes };
    },

    async confirmSecondFactor(client, code) {
      const response = await ask(client, 'POST', '/two-factor/verify-totp', {
        code: code.replace(/\s/g, ''),
      });
      if (response.ok) return response.headers.getSetCookie();
      if (response.status >= 500)
        throw new Error(`better-auth answered ${response.status} to a first code`);
      throw new RingsideError('invalid-input', 'This code does not fit.', {
        fix: 'Type the six digits that the app shows now. The clock of your telephone must be right.',
        fields: [{ field: 'code', message: 'This code does not fit.' }],
      });
    },

    async removeSecondFactor(client, password) {
      const response = await ask(client, 'POST', '/two-factor/disable', { password });
      if (!response.ok) throw await passwordRefusal(response, 'The second factor is still there.');
      return response.headers.getSetCookie();
    },

    async renewRecoveryCodes(client, password) {
      const response = await ask(client, 'POST', '/two-factor/generate-backup-codes', { password });
      if (!response.ok) throw await passwordRefusal(response, 'The old codes still work.');
      return ((await response.json()) as { backupCodes: string[] }).backupCodes;
    },

    async enter(client, userId) {
      const response = await ask({ ...client, cookie: '' }, 'POST', enterPath, { userId });
      if (response.status >= 500)
        throw new Error(`better-auth answered ${response.status} to a single sign-on`);
      if (!response.ok) return null;
      await markSingleSignOn(db, ((await response.json()) as { token: string }).token);
      return response.headers.getSetCookie();
    },

    async signOut(client) {
      return (await ask(client, 'POST', '/sign-out', {})).headers.getSetCookie();
    },

    async changePassword(client, input) {
      const response = await ask(client, 'POST', '/change-password', {
        ...input,
        revokeOtherSessions: true,
      });
      if (response.ok) {
        const { user } = (await response.json()) as { user: { id: string } };
        await forgetTrustedBrowsers(db, user.id);
        return response.headers.getSetCookie();
      }
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
      const { viewer, id: sessionId, secondFactor, secondFactorFor } = found;
      const lacksSecondFactor =
        !secondFactor &&
        viewer.singleSignOn !== true &&
        needsSecondFactor(secondFactorFor, viewer.role);
      return { viewer, sessionId, lacksSecondFactor, cookies };
    },
  };
}

function singleSignOnOnly(): RingsideError {
  return new RingsideError('forbidden', 'Your organization signs in by single sign-on.', {
    fix: 'Use single sign-on below. An administrator can still sign in by password.',
  });
}

function suspended(): RingsideError {
  return new RingsideError('forbidden', 'Your organization is suspended.', {
    fix: 'Ask an administrator of yours to talk to whoever runs this Ringside. Nothing is lost.',
  });
}

/** Why a code did not open the door. */
async function codeRefusal(response: Response): Promise<RingsideError> {
  const { code = '' } = (await response.json()) as { code?: string };
  if (response.status === 429) {
    return new RingsideError('too-many-requests', 'Too many wrong codes.', {
      fix: 'Wait 15 minutes. An administrator can take your second factor away under CRM User Mappings.',
      retryAfter: 900,
    });
  }
  if (code === 'INVALID_CODE' || code === 'INVALID_BACKUP_CODE') {
    return wrongCode();
  }
  if (response.status >= 500 && code !== 'FAILED_TO_CREATE_SESSION')
    throw new Error(`better-auth answered ${response.status} to a code`);
  return new RingsideError('unauthenticated', 'This sign-in has been given up.', {
    fix: 'Begin again with e-mail and password.',
  });
}

function wrongCode(): RingsideError {
  return new RingsideError('unauthenticated', 'This code does not fit.', {
    fix: 'Type the six digits that the app shows now, or one of your recovery codes. Each works once.',
    fields: [{ field: 'code', message: 'This code does not fit.' }],
  });
}

async function passwordRefusal(response: Response, message: string): Promise<RingsideError> {
  const { code = '' } = (await response.json()) as { code?: string };
  if (response.status >= 500)
    throw new Error(`better-auth answered ${response.status} about a second factor`);
  if (code === 'INVALID_PASSWORD') {
    const fields = [{ field: 'password', message: 'This is not your password.' }];
    return new RingsideError('invalid-input', message, { fields });
  }
  return new RingsideError('conflict', message, { fix: 'Reload the page and begin again.' });
}

function openBetterAuth({ db, log, secret, secure }: AccountsDeps) {
  return betterAuth({
    baseURL: base,
    basePath: '/api/auth',
    secret,
    database: { db, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    appName: 'Ringside',
    plugins: [
      enterPlugin,
      twoFactor({
        issuer: 'Ringside',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'account_two_factor',
            fields: {
              backupCodes: 'backup_codes',
              userId: 'user_id',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
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
          before: async ({ userId }, context) => {
            const vouchedFor = context?.path === enterPath;
            if (!vouchedFor && (await barsPassword(db, { id: userId }))) return false;
            return (await mayHaveSession(db, userId)) ? undefined : false;
          },
        },
      },
    },
  });
}
