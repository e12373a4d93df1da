import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from '../../platform/http-client.ts';
import type { HttpClient, HttpResponse } from '../../platform/http-client.ts';
import { HttpFailure } from '../../platform/http-failure.ts';
import { CrmError } from '../port.ts';
import { readAnswer, recognise } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Credential } from './credential.ts';
import { fromNetwork, unauthorized } from './failure.ts';
import { enterLane } from './lane.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

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
  redact(text: string): string;
  close(): Promise<void>;
}

/** More refusals could lock the user's account in ServiceNow. */
const maxRefusals = 2;

/** Keeps no cookies: a kept session would make the instance work on one request at a time and drop the rest with 202. */
export function createClient(options: ClientOptions): Client {
  const http = createHttpClient({
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 90_000,
    connections: 4,
  });
  const lane = enterLane(new URL(options.baseUrl).origin);
  const gate = createGate(options.username);

  const send = (call: Call, signedIn: boolean, leftMs: number): Promise<HttpResponse> =>
    lane.run(() => exchange(http, options, call, signedIn, leftMs), call.signal);

  const { redact } = options.credential;
  const asked = (call: Call) => ({
    username: options.username,
    subject: call.subject,
    now: Date.now(),
    redact,
  });

  return {
    get: (call) =>
      withRetries(call, (leftMs) =>
        gate.pass(async () => readAnswer(await send(call, true, leftMs), asked(call))),
      ),
    probe: (call) =>
      withRetries(call, async (leftMs) => recognise(await send(call, false, leftMs), asked(call))),
    locked: () => gate.locked(),
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
  leftMs: number,
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
      timeoutMs: Math.max(1, Math.min(call.policy.timeoutMs, leftMs)),
      maxBytes: call.policy.maxBytes,
      signal: call.signal,
    });
  } catch (error) {
    if (error instanceof HttpFailure && error.kind !== 'aborted')
      throw fromNetwork(error, url.host);
    throw error;
  }
}

async function withRetries<T>(call: Call, attempt: (leftMs: number) => Promise<T>): Promise<T> {
  const end = performance.now() + call.policy.budgetMs;
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(end - performance.now());
    } catch (error) {
      const wait = retryDelay(error, tried, end - performance.now(), call.policy, Math.random());
      if (wait === null) throw error;
      await sleep(wait, undefined, call.signal ? { signal: call.signal } : {});
    }
  }
}

/**
 * Guards the account behind the credential: until a request was let in, requests go one at a time, and after two
 * refusals none goes at all.
 */
function createGate(username: string) {
  let proven = false;
  let refusals = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    if (refusals >= maxRefusals) throw unauthorized(username);
    try {
      const result = await task();
      proven = true;
      return result;
    } catch (error) {
      if (
        error instanceof CrmError &&
        (error.code === 'unauthorized' || error.code === 'mfa-required')
      ) {
        proven = false;
        refusals += 1;
      } else if (error instanceof CrmError && error.code === 'no-access') {
        proven = true;
      }
      throw error;
    }
  }

  return {
    locked: () => refusals >= maxRefusals,
    pass<T>(task: () => Promise<T>): Promise<T> {
      if (proven) return guarded(task);
      const mine = turn.then(() => guarded(task));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
