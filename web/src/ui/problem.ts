import type { FieldError } from '../../../src/platform/errors.ts';

/**
 * A refusal in words: the server's problem JSON (RFC 9457), or what stands in for it when there was no answer.
 * `code` is one of the server's closed set, or `offline` (no answer), `unexpected` (an answer nobody can read), `cancelled`.
 */
export class ProblemError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fix: string | null;
  readonly errors: FieldError[];

  constructor(problem: {
    status: number;
    code: string;
    detail: string;
    fix?: string | null;
    errors?: FieldError[];
  }) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.fix = problem.fix ?? null;
    this.errors = problem.errors ?? [];
  }
}

/** Any thrown thing as a ProblemError, so that screens have one kind of failure to show. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError({
    status: 0,
    code: 'unexpected',
    detail: 'Something went wrong in this page.',
    fix: 'Reload the page. If it happens again, tell an administrator what you did.',
  });
}

/**
 * Reads the body of a refusal. Ours is problem JSON; the sign-in library answers `{ code, message }`; a proxy in
 * between may answer anything.
 */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ProblemError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const detail = text(fields['detail']) ?? text(fields['message']);
  const seconds = Number(retryAfter);
  const wait =
    status === 429
      ? `Try again in ${seconds > 0 ? `${Math.ceil(seconds)} seconds` : 'a minute'}.`
      : null;
  return new ProblemError({
    status,
    code: text(fields['code']) ?? 'unexpected',
    detail: detail ?? `The server answered ${status} without saying why.`,
    fix: text(fields['fix']) ?? wait,
    errors: fieldErrors(fields['errors']),
  });
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const { field, message } = (entry ?? {}) as { field?: unknown; message?: unknown };
    return typeof message === 'string'
      ? [{ field: typeof field === 'string' ? field : '', message }]
      : [];
  });
}
