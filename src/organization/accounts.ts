import { hkdfSync } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import { RingsideError } from '../platform/errors.ts';
import {
  countAttempt,
  markSingleSignOn,
  removeSessionByToken,
  sessionByToken,
  touchSession,
} from './account-store.ts';
import { enterPath } from './enter-path.ts';
import type { AskBetterAuth, BetterAuthDeps } from './open-better-auth.ts';
import { needsSecondFactor } from './second-factor.ts';
import { forgetTrustedBrowsers } from './second-factor-store.ts';
import { isSuspended } from './operator-store.ts';
import { KeptSessions } from './kept-sessions.ts';
import { accountCookies, readCookie, readSessionToken, sessionDays } from './session-cookie.ts';
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
  /** Null when there is no session, it has ended, or the person was deactivated; what it tells is at most half a second old. */
  authenticate(client: Client): Promise<SignedIn | null>;
  /** A session or what it tells of a person may have changed: the next {@link authenticate} asks the database. */
  forgetKept(): void;
  /** Loads what the first sign-in would have to wait for. */
  load(): Promise<void>;
}

export interface AccountsDeps extends BetterAuthDeps {
  clock: Clock;
}

const day = 86_400;
const codeSeconds = 120;

/** The key that signs session cookies, derived from the hub's key file (HKDF-SHA256). */
export function accountSecret(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'ringside session cookies', 32)).toString(
    'base64',
  );
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { db, clock, secret, secure } = deps;
  const cookieNames = accountCookies(secure);
  const kept = new KeptSessions(async (token) => {
    const now = clock.now();
    const found = await sessionByToken(db, token, now);
    if (found !== null) await touchSession(db, found, now);
    return found;
  });
  let opened: Promise<AskBetterAuth> | undefined;
  const open = () =>
    (opened ??= import('./open-better-auth.ts').then(({ openBetterAuth }) => openBetterAuth(deps)));

  async function ask(
    client: Client,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<Response> {
    const headers = {
      'x-ringside-address': client.address,
      'user-agent': client.userAgent.slice(0, 400),
      ...(client.cookie === '' ? {} : { cookie: client.cookie }),
    };
    return (await open())({ method, path, headers, body });
  }

  return {
    async signIn(client, input) {
      // A browser that was let off the second factor says so; no other cookie counts.
      const trust = readCookie(client.cookie, cookieNames.trust);
      const cookie = trust === null ? '' : `${cookieNames.trust}=${encodeURIComponent(trust)}`;
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
      const token = readSessionToken(client.cookie, cookieNames.session, secret);
      if (token === null) return null;
      const found = await kept.find(token);
      if (found === null) return null;
      const left = found.expiresAt.getTime() - clock.now().getTime();
      const prolong =
        left < (sessionDays - 1) * day * 1000 && !client.cookie.includes(cookieNames.forget);
      const cookies = prolong
        ? (await ask(client, 'GET', '/get-session')).headers.getSetCookie()
        : [];
      if (prolong) kept.forget();
      const { viewer, id: sessionId, secondFactor, secondFactorFor } = found;
      const lacksSecondFactor =
        !secondFactor &&
        viewer.singleSignOn !== true &&
        needsSecondFactor(secondFactorFor, viewer.role);
      return { viewer, sessionId, lacksSecondFactor, cookies };
    },

    forgetKept: () => kept.forget(),

    async load() {
      await open();
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
