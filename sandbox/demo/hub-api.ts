/** The hub's own HTTP API as a browser uses it: JSON, a session cookie, same origin. */
export interface HubApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
}

/** An answer that is no success; `message` is what the problem JSON says. */
export class HubApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Problem {
  title?: string;
  detail?: string;
  fix?: string;
  errors?: { field: string; message: string }[];
}

/** Each call of this function is a browser of its own, signed out at first. `stop` ends what it is doing. */
export function hubApi(url: string, stop: AbortSignal): HubApi {
  let cookies = new Map<string, string>();

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        origin: new URL(url).origin,
        ...(cookies.size > 0
          ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([stop, AbortSignal.timeout(30_000)]),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies = new Map(cookies).set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    if (!response.ok)
      throw new HubApiError(
        response.status,
        `${method} ${path}: ${problemText(text, response.status)}`,
      );
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    delete: (path) => send('DELETE', path),
  };
}

function problemText(text: string, status: number): string {
  try {
    const { title, detail, fix, errors } = JSON.parse(text) as Problem;
    const fields = (errors ?? []).map(({ field, message }) => `${field}: ${message}`);
    return [detail ?? title ?? `HTTP ${status}`, ...fields, fix ?? ''].filter(Boolean).join(' ');
  } catch {
    return `HTTP ${status}`;
  }
}
