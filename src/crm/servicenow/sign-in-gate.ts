import { CrmError } from '../crm-error.ts';
import type { SignInMethod } from './credential.ts';
import { failure, unauthorized } from './failure.ts';

/** More refusals could lock the user's account in ServiceNow. */
const maxRefusals = 2;
/** Answers in a row after which an old refusal is forgotten. */
const calm = 20;

export interface SignInGate {
  /** Two requests were refused; no other one passes. */
  locked(): boolean;
  /** Somebody looked: it may be tried again. */
  reset(): void;
  pass<T>(request: () => Promise<T>): Promise<T>;
}

/**
 * Guards the account behind the credential: until a request was let in, requests go one at a time, and after two
 * refusals none goes at all.
 */
export function createSignInGate(who: string, method: SignInMethod = 'basic'): SignInGate {
  let proven = false;
  let refusals = 0;
  let good = 0;
  let turn = Promise.resolve();

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    if (refusals >= maxRefusals) throw stopped(unauthorized(who, method));
    try {
      const result = await task();
      proven = true;
      good += 1;
      if (good >= calm) refusals = 0;
      return result;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (error.code === 'no-access') proven = true;
      if (error.code !== 'unauthorized' && error.code !== 'mfa-required') throw error;
      proven = false;
      refusals += 1;
      good = 0;
      throw refusals >= maxRefusals ? stopped(error) : error;
    }
  }

  return {
    locked: () => refusals >= maxRefusals,
    reset() {
      refusals = 0;
      proven = false;
    },
    async pass(task) {
      if (proven) return guarded(task);
      const before = turn;
      const { promise, resolve: leave } = Promise.withResolvers<void>();
      turn = promise;
      await before;
      // Let in meanwhile: those behind need not wait for this one.
      if (proven) leave();
      try {
        return await guarded(task);
      } finally {
        leave();
      }
    },
  };
}

function stopped({ code, message, fix, cause }: CrmError): CrmError {
  return failure(code, message, { fix, cause, stopped: true });
}
