import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Passwords are hashed slowly so that whoever steals a hash cannot guess it; the tests sign in hundreds of times with passwords that
 * anybody may know. The same scrypt with a cost of 16 instead of 16,384. What was already changed stays as it is.
 */
const slow = Symbol.for('ringside.slow-scrypt');
const changed = crypto as typeof crypto & { [slow]?: typeof crypto.scrypt };

if (changed[slow] === undefined) {
  const original = crypto.scrypt;
  changed[slow] = original;
  crypto.scrypt = (...args: unknown[]) => {
    const options = args[3];
    if (typeof options === 'object') args[3] = { ...options, N: 16 };
    return (original as (...all: unknown[]) => void)(...args);
  };
  syncBuiltinESMExports();
}
