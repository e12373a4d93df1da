import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of the log says that is written while it holds. */
export interface LogContext {
  /** The id that the asker of the request gets as well: header `x-request-id`, `requestId` of a problem. */
  requestId?: string;
}

const contexts = new AsyncLocalStorage<LogContext>();

/** Runs `work`, and whatever it starts, with these words in every line of the log. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return contexts.run(context, work);
}

export function currentLogContext(): LogContext | undefined {
  return contexts.getStore();
}
