import { defaultPassword, integrationUser, type Sandbox } from './server.ts';

/** An answer with its body read; `json` is undefined when the body is no JSON. */
export interface TestAnswer<T = unknown> {
  status: number;
  headers: Headers;
  text: string;
  json: { result: T; error?: { message: string; detail: string | null }; status?: string };
}

/** Calls a sandbox in tests, as the integration user unless headers say otherwise. */
export function caller(sandbox: Sandbox) {
  return async function call<T = Record<string, unknown>[]>(
    path: string,
    init: RequestInit & { user?: string } = {},
  ): Promise<TestAnswer<T>> {
    const { user = `${integrationUser}:${defaultPassword}`, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (user !== '' && !headers.has('authorization'))
      headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    if (rest.body !== undefined && !headers.has('content-type'))
      headers.set('content-type', 'application/json');
    const response = await fetch(sandbox.url + path, { redirect: 'manual', ...rest, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parsed(text) as TestAnswer<T>['json'],
    };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function encoded(query: string): string {
  return `sysparm_query=${encodeURIComponent(query)}`;
}
