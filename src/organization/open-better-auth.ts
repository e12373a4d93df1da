import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { mayHaveSession } from './account-store.ts';
import { enterPath } from './enter-path.ts';
import { enterPlugin } from './enter-plugin.ts';
import { cookiePrefix, sessionDays } from './session-cookie.ts';
import { barsPassword } from './single-sign-on-store.ts';

const day = 86_400;
// better-auth wants a base URL to match paths; no link is ever made from it.
const base = 'http://ringside.invalid/api/auth';

export interface BetterAuthDeps {
  db: Database;
  log: Log;
  /** See accountSecret in accounts.ts. */
  secret: string;
  /** Whether browsers reach us by https; then cookies are Secure. */
  secure: boolean;
}

/** Asks better-auth: a path below its own, as whoever has the cookie. */
export type AskBetterAuth = (question: {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: object | undefined;
}) => Promise<Response>;

/** better-auth as Ringside keeps accounts with it. It takes half a second to load: accounts.ts does so when it is needed. */
export function openBetterAuth(deps: BetterAuthDeps): AskBetterAuth {
  const auth = configured(deps);
  return ({ method, path, headers, body }) =>
    auth.handler(
      new Request(`${base}${path}`, {
        method,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
}

function configured({ db, log, secret, secure }: BetterAuthDeps) {
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
      cookiePrefix,
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
