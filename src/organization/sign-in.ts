import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { countAttempt, forgetAttempts, removeEndedSessions } from './account-store.ts';
import type { Accounts, Client, SignInStep } from './accounts.ts';

const windowSeconds = 15 * 60;
/** Attempts in a window. One address that guesses shuts the account for itself, not for its owner elsewhere. */
const limits = { address: 100, accountFromAddress: 20, account: 200 };
/** After so many attempts each further one waits, twice as long as the one before, up to the longest wait. */
const slowDown = { after: 4, firstMs: 250, longestMs: 4_000 };

export interface SignInDeps {
  db: Database;
  clock: Clock;
  accounts: Accounts;
  /** Waits so many milliseconds before an attempt is looked at. */
  pause(milliseconds: number): Promise<void>;
}

/**
 * Signs in by e-mail and password; answers the Set-Cookie lines. Attempts are counted before the password is looked
 * at, by address, by account, and by both, so that a thousand at once gain nothing, and answered slower and slower; a success clears the
 * account's.
 * Throws `unauthenticated` or `too-many-requests`.
 */
export async function signIn(
  deps: SignInDeps,
  client: Client,
  input: { email: string; password: string; remember?: boolean },
): Promise<SignInStep> {
  const { db, accounts } = deps;
  const now = deps.clock.now();
  const account = `account:${createHash('sha256').update(input.email).digest('base64url')}`;
  const address = `address:${addressBlock(client.address)}`;
  const both = `${account} ${address}`;
  await limit(db, address, limits.address, now);
  const attempts = await limit(db, both, limits.accountFromAddress, now);
  await limit(db, account, limits.account, now);
  await deps.pause(pauseBefore(attempts));
  const step = await accounts.signIn(client, input);
  await forgetAttempts(db, [account, both]);
  await removeEndedSessions(db, now);
  return step;
}

/** The second step: a code of the app, or a recovery code. Throws `unauthenticated` or `too-many-requests`. */
export async function enterCode(
  deps: SignInDeps,
  client: Client,
  input: { code: string; trustBrowser: boolean },
): Promise<string[]> {
  const address = `code address:${addressBlock(client.address)}`;
  await limit(deps.db, address, limits.address, deps.clock.now());
  return deps.accounts.enterCode(client, input);
}

/** Milliseconds that the n-th attempt on one account from one address waits. */
export function pauseBefore(attempt: number): number {
  const late = attempt - slowDown.after;
  return late <= 0 ? 0 : Math.min(slowDown.longestMs, slowDown.firstMs * 2 ** (late - 1));
}

async function limit(db: Database, key: string, most: number, now: Date): Promise<number> {
  const { count, until } = await countAttempt(db, key, windowSeconds, now);
  if (count <= most) return count;
  const retryAfter = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  throw new RingsideError('too-many-requests', 'Too many attempts to sign in.', {
    fix: `Wait ${Math.ceil(retryAfter / 60)} minutes and try again.`,
    retryAfter,
  });
}

/** What counts as one address: an IPv4 address, or the /64 network of an IPv6 address (one customer has all of it). */
export function addressBlock(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...gap, ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
