import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from '../../platform/http-client.ts';
import type { HttpClient, HttpResponse } from '../../platform/http-client.ts';
import { HttpFailure } from '../../platform/http-failure.ts';
import { CrmError } from '../crm-error.ts';
import type { CrmUsage, OnCrmRequest } from '../port.ts';
import { accountOf } from './account.ts';
import { readAnswer, recognise } from './answer.ts';
import type { Answer } from './answer.ts';
import { createBreaker } from './breaker.ts';
import type { Credential } from './credential.ts';
import { fromNetwork } from './failure.ts';
import { enterLane } from './lane.ts';
import { createPause } from './pause.ts';
import type { Pause } from './pause.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

export interface ClientOptions {
  /** Base URL with final '/'. */
  baseUrl: string;
  credential: Credential;
  userAgent?: string;
  /** Longest wait for one answer, where that is less than the call's own policy. */
  timeoutMs?: number;
  /** Told of every request, once it was answered or given up. */
  onRequest?: OnCrmRequest;
}

export interface Call {
  /** Below the base URL, e.g. `api/now/table/sys_user`. */
  path: string;
  parameters: Record<string, string>;
  /** What it is about, for the sentences. */
  subject: string;
  policy: RetryPolicy;
  signal?: AbortSignal | undefined;
}

/** A call that changes something; sent once, whatever its policy says about tries. */
export interface WriteCall extends Call {
  method: 'POST' | 'PATCH';
  /** Sent as JSON. */
  body: Record<string, unknown>;
}

export interface Client {
  /** GET, signed in. Throws CrmError, or HttpFailure `aborted` when the signal fired. */
  get(call: Call): Promise<Answer>;
  /** Sends once; whether to send again is for somebody to decide who knows what it does. Throws like `get`. */
  write(call: WriteCall): Promise<Answer>;
  /** GET without the credential: is there a ServiceNow instance? Throws like `get`. */
  probe(call: Call): Promise<void>;
  /** Two requests with this credential were refused; nothing more is sent with it. */
  locked(): boolean;
  /** Sign-ins may be tried again. */
  resume(): void;
  /** Seconds for which the instance asked not to be called; 0 when it did not. */
  pausedFor(): number;
  usage(): CrmUsage;
  redact(text: string): string;
  /** Milliseconds after which a write that was sent is over, whether it was answered or not. */
  settledAfterMs: number;
  close(): Promise<void>;
}

/** The instance cancels a transaction of the Table API after 60 s (quota rule 'REST Table API request timeout'). */
const transactionLimitMs = 65_000;

/** Keeps no cookies: a kept session would make the instance work on one request at a time and drop the rest with 202. */
export function createClient(options: ClientOptions): Client {
  const { credential } = options;
  const http = createHttpClient({
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 90_000,
    connections: 4,
  });
  const { origin } = new URL(options.baseUrl);
  const lane = enterLane(origin);
  const { gate, usage, tokens } = accountOf(origin, credential);
  const pause = createPause();
  const breaker = createBreaker();
  const { redact } = credential;
  const asked = (call: Call) => ({
    username: credential.who,
    method: credential.method,
    writes: 'method' in call,
    subject: call.subject,
    now: Date.now(),
    redact,
  });

  const send = (call: Call, headers: Headers, end: number): Promise<HttpResponse> =>
    lane.run(async () => {
      usage.sent();
      const response = await told(options, () => exchange(http, options, call, headers, end));
      usage.answered(response.headers);
      return response;
    }, call.signal);

  const source = {
    shelf: tokens,
    post: (form: Record<string, string>) =>
      lane.run(() => {
        usage.sent();
        return told(options, () => postForm(http, options, form));
      }),
  };

  /** An access token may have ended before its time: one new one, then the refusal counts. */
  async function signedIn(call: Call | WriteCall, end: number): Promise<Answer> {
    const headers = await credential.headers(source);
    try {
      return readAnswer(await send(call, headers, end), asked(call));
    } catch (error) {
      const refused = error instanceof CrmError && error.code === 'unauthorized';
      if (!refused || !credential.renew(headers, tokens)) throw error;
      const fresh = await credential.headers(source);
      return readAnswer(await send(call, fresh, end), asked(call));
    }
  }

  function note(error: unknown): void {
    pause.note(error);
    usage.failed(error);
    if (error instanceof CrmError && error.code === 'rate-limited' && error.retryAfter === null)
      lane.narrow();
  }

  const ask = (call: Call | WriteCall): Promise<Answer> =>
    withRetries(call, pause, note, async (end) => {
      const answer = await breaker.run(() => gate.pass(() => signedIn(call, end)));
      lane.good();
      return answer;
    });

  return {
    get: ask,
    write: (call) => ask({ ...call, policy: { ...call.policy, attempts: 1 } }),
    probe: (call) =>
      withRetries(call, pause, note, async (end) =>
        recognise(await send(call, {}, end), asked(call)),
      ),
    locked: () => gate.locked(),
    resume: () => gate.reset(),
    pausedFor: () => pause.left(),
    usage: () => usage.read(),
    redact,
    settledAfterMs: Math.min(transactionLimitMs, options.timeoutMs ?? transactionLimitMs),
    close: async () => {
      lane.release();
      await http.close();
    },
  };
}

type Headers = Record<string, string>;

async function exchange(
  http: HttpClient,
  options: ClientOptions,
  call: Call | WriteCall,
  headers: Headers,
  end: number,
): Promise<HttpResponse> {
  const url = new URL(call.path, options.baseUrl);
  const query = Object.entries(call.parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  url.search = query.join('&');
  const { timeoutMs, maxBytes } = call.policy;
  // The turn in the lane counts as waiting too.
  const left = Math.min(timeoutMs, options.timeoutMs ?? timeoutMs, end - performance.now());
  return translated(url.host, () =>
    http.request({
      url: url.href,
      headers: {
        accept: 'application/json',
        'user-agent': options.userAgent ?? 'Ringside',
        ...('body' in call ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...('body' in call ? { method: call.method, body: JSON.stringify(call.body) } : {}),
      timeoutMs: Math.max(1, left),
      maxBytes,
      signal: call.signal,
    }),
  );
}

const tokenTimeoutMs = 20_000;

/** Belongs to nobody's call: others wait for the same token. */
function postForm(
  http: HttpClient,
  options: ClientOptions,
  form: Record<string, string>,
): Promise<HttpResponse> {
  const url = new URL('oauth_token.do', options.baseUrl);
  return translated(url.host, () =>
    http.request({
      method: 'POST',
      url: url.href,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': options.userAgent ?? 'Ringside',
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs: Math.min(tokenTimeoutMs, options.timeoutMs ?? tokenTimeoutMs),
      maxBytes: 65_536,
    }),
  );
}

async function told(
  { onRequest }: ClientOptions,
  request: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const begun = performance.now();
  const tell = (code: string) =>
    onRequest?.({ platform: 'servicenow', code, seconds: (performance.now() - begun) / 1000 });
  try {
    const response = await request();
    tell(String(response.status));
    return response;
  } catch (error) {
    tell(error instanceof CrmError ? error.code : 'aborted');
    throw error;
  }
}

async function translated<T>(host: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof HttpFailure && error.kind !== 'aborted') throw fromNetwork(error, host);
    throw error;
  }
}

/** Tries until it works or patience ends; a pause that the instance asked for holds for every call. */
async function withRetries<T>(
  call: Call,
  pause: Pause,
  note: (error: unknown) => void,
  attempt: (end: number) => Promise<T>,
): Promise<T> {
  const end = performance.now() + call.policy.budgetMs;
  for (let tried = 1; ; tried += 1) {
    try {
      pause.check();
      return await attempt(end);
    } catch (error) {
      note(error);
      const wait = retryDelay(error, tried, end - performance.now(), call.policy, Math.random());
      if (wait === null) throw error;
      await sleep(wait, undefined, call.signal ? { signal: call.signal } : {});
    }
  }
}
