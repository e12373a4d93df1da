import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { Agent, buildConnector, request } from 'undici';
import { networkFailure, HttpFailure } from './http-failure.ts';
import { guardedLookup, refuseAddress } from './outbound.ts';
import type { Purpose } from './outbound.ts';

/**
 * Outbound HTTP for everything that calls another system. Deliberately small: it keeps no cookies, follows no redirect
 * (so a password is never carried to another origin), connects to no address that outbound.ts refuses, verifies TLS whatever the environment says, waits for nothing for
 * ever, and reads at most as many bytes as it was told. Retrying is the caller's business.
 */
export interface HttpClient {
  /** Answers with any status; throws only HttpFailure. */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds for the whole exchange, from name look-up to the last byte. */
  timeoutMs?: number;
  /** Bytes of body, counted after unpacking. */
  maxBytes?: number;
  signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; a header sent several times is joined by ', '. */
  headers: Record<string, string>;
  text: string;
}

export interface HttpClientOptions {
  connectTimeoutMs?: number;
  /** Longest silence before the first header, and between two pieces of the body. */
  idleTimeoutMs?: number;
  /** Default of HttpRequest.timeoutMs. */
  timeoutMs?: number;
  /** Default of HttpRequest.maxBytes. */
  maxBytes?: number;
  /** Open connections per origin. */
  connections?: number;
  /** Whose addresses may be called; a `service` when not given. */
  purpose?: Purpose;
}

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const idle = options.idleTimeoutMs ?? 60_000;
  const agent = new Agent({
    connect: guardedConnector(options),
    headersTimeout: idle,
    bodyTimeout: idle,
    // ServiceNow closes an idle connection after 20 s; leaving first avoids a request into a closing socket.
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 15_000,
    connections: options.connections ?? 8,
    pipelining: 1,
    maxHeaderSize: 65_536,
  });
  const defaults = {
    timeoutMs: options.timeoutMs ?? 90_000,
    maxBytes: options.maxBytes ?? 33_554_432,
  };
  return {
    request: (asked) => exchange(agent, { ...defaults, ...asked }),
    // destroy, not close: close would wait for requests whose answer nobody wants any more.
    close: () => agent.destroy(),
  };
}

function guardedConnector({ connectTimeoutMs, purpose = 'service' }: HttpClientOptions) {
  const connect = buildConnector({
    timeout: connectTimeoutMs ?? 10_000,
    rejectUnauthorized: true,
    lookup: guardedLookup(purpose),
  });
  return (target: buildConnector.Options, done: buildConnector.Callback): void => {
    try {
      // An address is connected to without a look-up.
      refuseAddress(target.hostname, purpose);
    } catch (error) {
      return done(error as Error, null);
    }
    connect(target, done);
  };
}

async function exchange(
  agent: Agent,
  asked: HttpRequest & { timeoutMs: number; maxBytes: number },
): Promise<HttpResponse> {
  if (asked.signal?.aborted) throw new HttpFailure('aborted', 'The request was cancelled.');
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), asked.timeoutMs);
  const signal = asked.signal ? AbortSignal.any([deadline.signal, asked.signal]) : deadline.signal;
  let answered = false;
  try {
    const response = await request(asked.url, {
      dispatcher: agent,
      method: asked.method ?? 'GET',
      headers: { 'accept-encoding': 'gzip', ...asked.headers },
      ...(asked.body === undefined ? {} : { body: asked.body }),
      signal,
    });
    answered = true;
    const headers = plainHeaders(response.headers);
    const text = await readBody(response.body, headers['content-encoding'] ?? '', asked.maxBytes);
    return { status: response.statusCode, headers, text };
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    if (asked.signal?.aborted) {
      throw new HttpFailure('aborted', 'The request was cancelled.', { cause: error });
    }
    if (deadline.signal.aborted) {
      const message = `No complete answer within ${Math.round(asked.timeoutMs / 100) / 10} s.`;
      throw new HttpFailure('timeout', message, { answered, cause: error });
    }
    throw networkFailure(error, answered);
  } finally {
    clearTimeout(timer);
  }
}

function plainHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** Counts packed and unpacked bytes alike, so that neither a flood nor a small archive of zeros fills the memory. */
async function readBody(body: Readable, encoding: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  const keep = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new HttpFailure('too-large', `The answer is larger than ${maxBytes} bytes.`, {
          answered: true,
        });
      }
      chunks.push(chunk);
    }
  };
  const unpacker = unpackerFor(encoding);
  await (unpacker ? pipeline(body, unpacker, keep) : pipeline(body, keep));
  return Buffer.concat(chunks).toString('utf8');
}

function unpackerFor(encoding: string): ReturnType<typeof createGunzip> | null {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case '':
    case 'identity':
      return null;
    default:
      throw new HttpFailure('protocol', 'The answer is packed in a way that was not asked for.', {
        answered: true,
      });
  }
}
