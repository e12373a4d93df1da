import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from '../../platform/http-client.ts';
import type { HttpClient, HttpResponse } from '../../platform/http-client.ts';
import { HttpFailure } from '../../platform/http-failure.ts';
import { readAnswer, recognise } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Credential } from './credential.ts';
import { fromNetwork } from './failure.ts';
import { enterLane } from './lane.ts';
import { createPause } from './pause.ts';
import type { Pause } from './pause.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { createSignInGate } from './sign-in-gate.ts';

export interface ClientOptions {
  /** Base URL with final '/'. */
  baseUrl: string;
  /** For the sentences; the credential itself is opaque. */
  username: string;
  credential: Credential;
  userAgent?: string;
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

export interface Client {
  /** GET, signed in. Throws CrmError, or HttpFailure `aborted` when the signal fired. */
  get(call: Call): Promise<Answer>;
  /** GET without the credential: is there a ServiceNow instance? Throws like `get`. */
  probe(call: Call): Promise<void>;
  /** Two requests with this credential were refused; nothing more is sent with it. */
  locked(): boolean;
  /** Seconds for which the instance asked not to be called; 0 when it did not. */
  pausedFor(): number;
  redact(text: string): string;
  close(): Promise<void>;
}

/** Keeps no cookies: a kept session would make the instance work on one request at a time and drop the rest with 202. */
export function createClient(options: ClientOptions): Client {
  const http = createHttpClient({
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 90_000,
    connections: 4,
  });
  const lane = enterLane(new URL(options.baseUrl).origin);
  const gate = createSignInGate(options.username);
  const pause = createPause();

  const send = (call: Call, signedIn: boolean, end: number): Promise<HttpResponse> =>
    lane.run(() => exchange(http, options, call, signedIn, end), call.signal);

  const { redact } = options.credential;
  const asked = (call: Call) => ({
    username: options.username,
    subject: call.subject,
    now: Date.now(),
    redact,
  });

  return {
    get: (call) =>
      withRetries(call, pause, (end) =>
        gate.pass(async () => readAnswer(await send(call, true, end), asked(call))),
      ),
    probe: (call) =>
      withRetries(call, pause, async (end) => recognise(await send(call, false, end), asked(call))),
    locked: () => gate.locked(),
    pausedFor: () => pause.left(),
    redact,
    close: async () => {
      lane.release();
      await http.close();
    },
  };
}

async function exchange(
  http: HttpClient,
  options: ClientOptions,
  call: Call,
  signedIn: boolean,
  end: number,
): Promise<HttpResponse> {
  const url = new URL(call.path, options.baseUrl);
  const query = Object.entries(call.parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  url.search = query.join('&');
  try {
    return await http.request({
      url: url.href,
      headers: {
        accept: 'application/json',
        'user-agent': options.userAgent ?? 'Ringside',
        ...(signedIn ? options.credential.headers() : {}),
      },
      // The turn in the lane counts as waiting too.
      timeoutMs: Math.max(1, Math.min(call.policy.timeoutMs, end - performance.now())),
      maxBytes: call.policy.maxBytes,
      signal: call.signal,
    });
  } catch (error) {
    if (error instanceof HttpFailure && error.kind !== 'aborted')
      throw fromNetwork(error, url.host);
    throw error;
  }
}

/** Tries until it works or patience ends; a pause that the instance asked for holds for every call. */
async function withRetries<T>(
  call: Call,
  pause: Pause,
  attempt: (end: number) => Promise<T>,
): Promise<T> {
  const end = performance.now() + call.policy.budgetMs;
  for (let tried = 1; ; tried += 1) {
    try {
      pause.check();
      return await attempt(end);
    } catch (error) {
      pause.note(error);
      const wait = retryDelay(error, tried, end - performance.now(), call.policy, Math.random());
      if (wait === null) throw error;
      await sleep(wait, undefined, call.signal ? { signal: call.signal } : {});
    }
  }
}
