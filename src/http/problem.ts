import { STATUS_CODES } from 'node:http';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorStatus, RingsideError } from '../platform/errors.ts';
import type { ErrorCode, FieldError } from '../platform/errors.ts';

/** What every refusal looks like (RFC 9457), content type `application/problem+json`. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
  /** A whole sentence for people. */
  detail: z.string(),
  /** What the reader can do about it. */
  fix: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** Stands in the log beside what happened. */
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

export const problemType = 'application/problem+json; charset=utf-8';

/** Any thrown thing as the one error class of the house. What we do not know becomes `internal` without its message. */
export function toRingsideError(error: unknown): RingsideError {
  if (error instanceof RingsideError) return error;
  return (
    fromValidation(error) ??
    fromDatabase(error) ??
    fromFastify(error) ??
    new RingsideError('internal', 'Something went wrong in Ringside.', {
      fix: 'Try again. If it happens again, give the request id to whoever runs this hub: it is in the log.',
      cause: error,
    })
  );
}

export function presentProblem(error: RingsideError, requestId?: string): Problem {
  const status = errorStatus[error.code];
  return {
    type: `urn:ringside:problem:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    ...(error.fields.length === 0 ? {} : { errors: error.fields }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** What the Zod schema of a route refused. */
function fromValidation(error: unknown): RingsideError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const fields = error.validation.map(({ instancePath, message, keyword, params }): FieldError => {
    const path = instancePath.split('/').filter(Boolean).join('.');
    if (keyword !== 'unrecognized_keys')
      return { field: path, message: message ?? 'This is not valid.' };
    const [key = ''] = (params as { keys?: string[] }).keys ?? [];
    return {
      field: [path, key.slice(0, 64)].filter(Boolean).join('.'),
      message: 'There is no such field.',
    };
  });
  const where = {
    params: 'the address',
    querystring: 'the query',
    headers: 'the headers',
    body: 'the body',
  };
  const place = where[error.validationContext as keyof typeof where] ?? 'the request';
  const [first] = fields;
  const detail =
    fields.length === 1 && first !== undefined && first.field !== ''
      ? `The field ${first.field} in ${place} is wrong: ${first.message}`
      : `Something in ${place} is wrong.`;
  return new RingsideError('invalid-input', detail, { fields: fields.slice(0, 100) });
}

/** Failures of PostgreSQL that are not ours: text it cannot store, and its absence. */
function fromDatabase(error: unknown): RingsideError | null {
  const code = codeOf(error);
  // character_not_in_repertoire, untranslatable_character: NUL in a text or in JSON.
  if (code === '22021' || code === '22P05') {
    return new RingsideError(
      'invalid-input',
      'A text holds a character that cannot be stored (NUL).',
      { cause: error },
    );
  }
  // Class 08 connection, 57P01-03 shutting down or starting, 53300 too many connections; and the socket itself.
  const away =
    (/^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code) &&
      isOfDatabase(error)) ||
    isCutOff(error);
  if (!away) return null;
  return new RingsideError('unavailable', 'The database does not answer.', {
    fix: 'Try again in a moment.',
    retryAfter: 5,
    cause: error,
  });
}

function isOfDatabase(error: unknown): boolean {
  const { syscall, severity } = error as { syscall?: unknown; severity?: unknown };
  // Whoever else is called has errors of their own, made at the adapter's edge.
  return ['connect', 'read', 'write'].includes(String(syscall)) || typeof severity === 'string';
}

/** The driver's own words, without a code, for a connection that ended under a query. */
function isCutOff(error: unknown): boolean {
  const { message } = error as { message?: unknown };
  return (
    typeof message === 'string' &&
    /^(Connection terminated|Client has encountered a connection error)/.test(message)
  );
}

const sentences: Partial<Record<number, [ErrorCode, string]>> = {
  404: ['not-found', 'There is nothing here.'],
  405: ['method-not-allowed', 'This address does not take this method.'],
  413: ['too-large', 'The body is too large.'],
  415: ['unsupported-media-type', 'The body must be JSON (content-type: application/json).'],
  429: ['too-many-requests', 'Too many requests.'],
};

/** Fastify's own refusals: body that cannot be parsed, too large, of another type, malformed address. */
function fromFastify(error: unknown): RingsideError | null {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const known = sentences[status];
  if (known !== undefined) return new RingsideError(known[0], known[1], { cause: error });
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return new RingsideError('invalid-input', 'The body is empty; send JSON.');
  if (code === 'FST_ERR_BAD_URL')
    return new RingsideError('invalid-input', 'The address is malformed.');
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return new RingsideError('invalid-input', 'The body is not valid JSON.', { cause: error });
  }
  return new RingsideError('invalid-input', 'The request cannot be read.', { cause: error });
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
