import { z } from 'zod';
import { framed } from './framed.ts';
import { goToSignIn } from './sign-in-path.ts';
import { ProblemError, problemOf } from './problem.ts';

export { ProblemError } from './problem.ts';

/** For answers whose body does not matter (204, or the sign-in library's). */
export const nothing = z.unknown().transform(() => undefined);

export interface RequestOptions {
  signal?: AbortSignal;
  /** Leave a 401 to the caller instead of going to the sign-in page. */
  quiet?: boolean;
}

/**
 * The one way to the server. Paths are below `/api/v1` unless they begin with `/api/`. Every answer is read through its
 * Zod schema; every failure is thrown as ProblemError. 401 leads to the sign-in page, which leads back.
 */
export const api = {
  get: <S extends z.ZodType>(path: string, schema: S, options?: RequestOptions) =>
    request('GET', path, undefined, schema, options),
  post: <S extends z.ZodType>(path: string, body: unknown, schema: S, options?: RequestOptions) =>
    request('POST', path, body, schema, options),
  put: <S extends z.ZodType>(path: string, body: unknown, schema: S, options?: RequestOptions) =>
    request('PUT', path, body, schema, options),
  delete: <S extends z.ZodType>(path: string, schema: S, options?: RequestOptions) =>
    request('DELETE', path, undefined, schema, options),
};

async function request<S extends z.ZodType>(
  method: string,
  path: string,
  body: unknown,
  schema: S,
  options: RequestOptions = {},
): Promise<z.output<S>> {
  const response = await send(method, path, body, options.signal);
  const answer = await readJson(response);
  if (!response.ok) {
    if (response.status === 401 && options.quiet !== true) goToSignIn();
    const problem = problemOf(response.status, answer, response.headers.get('retry-after'));
    if (problem.code === 'second-factor-required') window.location.assign('/second-factor');
    throw problem;
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  // A newer server behind an older page is the usual reason.
  throw new ProblemError({
    status: response.status,
    code: 'unexpected',
    detail: 'The server answered in a way this page does not understand.',
    fix: 'Reload the page: Ringside may have been updated.',
  });
}

async function send(
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(path.startsWith('/api/') ? path : `/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json, application/problem+json',
        // The cookie of a page in a frame of another site is made differently.
        ...(framed ? { 'x-ringside-framed': '1' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted === true) {
      throw new ProblemError({ status: 0, code: 'cancelled', detail: 'Cancelled.' });
    }
    throw new ProblemError({
      status: 0,
      code: 'offline',
      detail: `The Ringside server does not answer${cause instanceof TypeError ? '' : ' as it should'}.`,
      fix: 'Check your network connection; nothing that you typed is lost while this page stays open.',
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  if (!isJson) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}
