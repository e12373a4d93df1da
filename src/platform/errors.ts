/**
 * The one error class of the house. Rooms throw it, `http/` turns it into RFC 9457 problem JSON in one place,
 * the command line prints it. Adapters translate foreign failures into it at their edge.
 */

/** The closed set of codes with the HTTP status each answers with. Codes are stable: clients may switch on them. */
export const errorStatus = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'plan-required': 403,
  'permission-required': 403,
  'second-factor-required': 403,
  'session-required': 403,
  'scope-required': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** One wrong field. `field` is a dotted path as the form or body names it, e.g. `people.3.extension`. */
export interface FieldError {
  field: string;
  message: string;
}

export interface ErrorOptionsWithFields {
  /** What the reader can do about it. */
  fix?: string;
  /** Which fields are wrong. */
  fields?: FieldError[];
  /** Seconds after which a repeat may succeed. */
  retryAfter?: number;
  cause?: unknown;
}

/** An error meant for people: `message` is a whole sentence without secrets. */
export class RingsideError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly fields: FieldError[];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithFields = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RingsideError';
    this.code = code;
    this.fix = options.fix;
    this.fields = options.fields ?? [];
    this.retryAfter = options.retryAfter;
  }
}
