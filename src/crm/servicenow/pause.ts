import { CrmError } from '../crm-error.ts';
import { failure } from './failure.ts';

/** What a Retry-After means for the calls after it: nothing is sent before the time has come. */
export interface Pause {
  /** Seconds left, 0 when there is no pause. */
  left(): number;
  /** Throws what started the pause while it lasts, with the time that is left. */
  check(): void;
  /** Starts a pause when the error asks for one. */
  note(error: unknown): void;
}

export function createPause(now: () => number = () => performance.now()): Pause {
  let until = 0;
  let reason: CrmError | null = null;
  const left = (): number => Math.max(0, Math.ceil((until - now()) / 1000));
  return {
    left,
    check() {
      if (reason === null || left() === 0) return;
      throw failure(reason.code, reason.message, {
        fix: reason.fix,
        retryAfter: left(),
        cause: reason,
      });
    },
    note(error) {
      if (!(error instanceof CrmError) || error.retryAfter === null) return;
      const end = now() + error.retryAfter * 1000;
      if (end <= until) return;
      until = end;
      reason = error;
    },
  };
}
