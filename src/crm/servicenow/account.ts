import { createHash, randomBytes } from 'node:crypto';
import type { Credential, TokenShelf } from './credential.ts';
import { createSignInGate } from './sign-in-gate.ts';
import type { SignInGate } from './sign-in-gate.ts';
import { createUsageMeter } from './usage.ts';
import type { UsageMeter } from './usage.ts';

/**
 * What all connections with one credential to one instance share in this process, however often they are opened: refused
 * sign-ins must be counted together or they lock the user out, and an access token is worth keeping.
 */
export interface Account {
  gate: SignInGate;
  usage: UsageMeter;
  tokens: TokenShelf;
}

const accounts = new Map<string, Account>();
const accountsAtMost = 500;
// Keys are digests with a salt of this process: no secret stands in them.
const salt = randomBytes(16);

export function accountOf(origin: string, credential: Credential): Account {
  const key = createHash('sha256')
    .update(salt)
    .update(JSON.stringify([origin, ...credential.identity]))
    .digest('base64');
  const account = accounts.get(key) ?? {
    gate: createSignInGate(credential.who, credential.method),
    usage: createUsageMeter(),
    tokens: { token: null, coming: null },
  };
  // The one used longest ago goes first.
  accounts.delete(key);
  accounts.set(key, account);
  if (accounts.size > accountsAtMost) accounts.delete(accounts.keys().next().value ?? '');
  return account;
}
