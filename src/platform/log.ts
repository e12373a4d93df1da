import { pino, stdSerializers } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { currentLogContext } from './log-context.ts';

/** The log: JSON lines on standard error, so that standard output stays free for answers. */
export type Log = Logger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secretKey = /pass(word|phrase|wd)|secret|token|authorization|cookie|api-?_?key|credential/i;
const deepest = 8;

/** A log from `level` upwards. What stands below a key such as password, token, secret or cookie is never written. */
export function createLog(level: LogLevel = 'info', destination?: DestinationStream): Log {
  const log: Log = pino(
    {
      level,
      base: null,
      mixin: () => ({ ...currentLogContext() }),
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => hide(fields, 0) as Record<string, unknown>,
      },
      // Errors of libraries carry whole requests; only what tells the fault is kept.
      serializers: { err: plainError, error: plainError },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
  // The library gives the fields of a child to no formatter; children inherit this.
  const { child } = log;
  log.child = function childLog(this: Log, fields, options) {
    return child.call(this, hide(fields, 0) as Record<string, unknown>, options);
  } as Log['child'];
  return log;
}

/** For tests and for commands whose output is read by programs. */
export const silentLog: Log = pino({ level: 'silent' });

function hide(value: unknown, depth: number): unknown {
  if (
    typeof value !== 'object' ||
    value === null ||
    value instanceof Error ||
    value instanceof Date
  )
    return value;
  if (depth >= deepest) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => hide(item, depth + 1));
  // Requests, sockets and other live objects are left to their serializers.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (depth > 0 && prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) ? '[hidden]' : hide(item, depth + 1),
    ]),
  );
}

function plainError(value: unknown): unknown {
  if (!(value instanceof Error)) return hide(value, 0);
  const { type, message, stack } = stdSerializers.err(value);
  // PostgreSQL's `detail` is left out: it holds the values of the row.
  const code = (value as { code?: unknown }).code;
  return { type, message, ...(typeof code === 'string' ? { code } : {}), stack };
}
