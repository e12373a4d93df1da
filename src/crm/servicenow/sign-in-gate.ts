import { CrmError } from '../port.ts';
import { unauthorized } from './failure.ts';

/** More refusals could lock the user's account in ServiceNow. */
const maxRefusals = 2;

export interface SignInGate {
  /** Two requests were refused; no other one passes. */
  locked(): boolean;
  pass<T>(request: () => Promise<T>): Promise<T>;
}

/**
 * Guards the account behind the credential: until a request was let in, requests go one at a time, and after two
 * refusals none goes at all.
 */
export function createSignInGate(username: string): SignInGate {
  let proven = false;
  let refusals = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    if (refusals >= maxRefusals) throw unauthorized(username);
    try {
      const result = await task();
      proven = true;
      return result;
    } catch (error) {
      if (
        error instanceof CrmError &&
        (error.code === 'unauthorized' || error.code === 'mfa-required')
      ) {
        proven = false;
        refusals += 1;
      } else if (error instanceof CrmError && error.code === 'no-access') {
        proven = true;
      }
      throw error;
    }
  }

  return {
    locked: () => refusals >= maxRefusals,
    pass<T>(task: () => Promise<T>): Promise<T> {
      if (proven) return guarded(task);
      const mine = turn.then(() => guarded(task));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
