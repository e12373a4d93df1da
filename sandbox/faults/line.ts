import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Reply } from '../http/reply.ts';
import { sendReply } from '../http/send-reply.ts';
import type { Instance } from '../instance.ts';

/** Sends an answer over a line that may be bad. */
export async function sendOverLine(
  instance: Instance,
  response: ServerResponse,
  reply: Reply,
  request: { method: string; path: string; encodings: string },
): Promise<void> {
  const { method, path } = request;
  const argument = (name: string): string | null => instance.faults.happens(name, path);
  if (reply.line === 'silent') return;
  if (reply.line === 'dropped' || argument('drop') !== null) {
    response.socket?.destroy();
    return;
  }
  if (argument('half-json') !== null)
    return sendReply(response, { ...reply, body: half(bodyOf(reply)) }, method);
  if (argument('drop-midway') !== null) {
    response.writeHead(reply.status, reply.headers);
    response.write(half(bodyOf(reply)));
    await sleep(20);
    response.socket?.destroy();
    return;
  }
  const pace = argument('slow-loris');
  if (pace !== null) return drip(response, reply, Number(pace || 100));
  if (/\bgzip\b/.test(request.encodings) && reply.body !== null && argument('gzip') !== null) {
    return sendReply(
      response,
      {
        ...reply,
        headers: { ...reply.headers, 'Content-Encoding': 'gzip' },
        body: gzipSync(bodyOf(reply)),
      },
      method,
    );
  }
  return sendReply(response, reply, method);
}

function bodyOf({ body }: Reply): Buffer {
  if (body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : [...body].join(''));
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

async function drip(response: ServerResponse, reply: Reply, milliseconds: number): Promise<void> {
  response.writeHead(reply.status, reply.headers);
  for (const byte of bodyOf(reply)) {
    if (response.destroyed) return;
    if (!response.write(Buffer.of(byte)))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    await sleep(milliseconds);
  }
  response.end();
}
