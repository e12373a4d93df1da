import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { CrmError } from '../crm-error.ts';
import type { CrmCode } from '../crm-error.ts';
import { failure } from './failure.ts';

/** So many failures in a row say that the instance is away. */
const failuresToOpen = 8;
/** Then one request is tried after this long, and the others only when it came through. */
const restMs = 10_000;

/** Failures of the instance as a whole; a refused search or a slow table says nothing about the next request. */
const telling = new Set<CrmCode>([
  'timeout',
  'refused',
  'dns',
  'maintenance',
  'dropped',
  'hibernating',
]);

export interface Breaker {
  /** Runs the request, or throws the last failure at once while the breaker is open, with the time left as retryAfter. */
  run<T>(request: () => Promise<T>): Promise<T>;
}

export function createBreaker(): Breaker {
  const tells = (error: Error): boolean => error instanceof CrmError && telling.has(error.code);
  const circuit = circuitBreaker(handleWhen(tells), {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });
  let last: CrmError | null = null;
  let openedAt = 0;
  circuit.onBreak(() => {
    openedAt = performance.now();
  });
  return {
    async run(request) {
      try {
        return await circuit.execute(request);
      } catch (error) {
        if (error instanceof CrmError && telling.has(error.code)) last = error;
        if (!(error instanceof BrokenCircuitError) || last === null) throw error;
        const left = Math.max(1, Math.ceil((openedAt + restMs - performance.now()) / 1000));
        const message = `${last.message} Ringside lets the instance rest for ${left} s.`;
        throw failure(last.code, message, { fix: last.fix, retryAfter: left, cause: last });
      }
    },
  };
}
