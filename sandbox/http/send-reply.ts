import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Sends an answer in chunks, as the instance does: it never says how long a body is. */
export async function sendReply(
  response: ServerResponse,
  { status, headers, body }: Reply,
  method: string,
): Promise<void> {
  response.writeHead(status, headers);
  if (body !== null && method !== 'HEAD' && status !== 204) {
    const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body;
    for (const piece of pieces) {
      if (piece.length > 0 && !response.write(piece) && !response.destroyed)
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (response.destroyed) return;
    }
  }
  response.end();
}
