import type { ServerResponse } from 'node:http';

/** Server-sent events to one browser. */
export interface EventStream {
  /** `data` is sent as JSON. After the end it does nothing. */
  send(event: string, data: unknown, id?: string): void;
  /** `json` is the data as it goes out, made once for many streams. */
  sendJson(event: string, json: string, id?: string): void;
  close(): void;
  /** Closes and has the browser come back after so many milliseconds. */
  closeFor(milliseconds: number): void;
  /** Runs once when the stream ends, whoever ended it; at once when it has ended already. */
  onClose(listener: () => void): void;
}

export interface EventStreamOptions {
  /** A comment line this often keeps proxies from cutting a quiet stream. */
  heartbeatMs?: number;
  /** Bytes that may wait for a slow reader before it is cut off; it comes back and starts from the present state. */
  maxBuffered?: number;
  /** What the browser waits before it comes back. */
  retryMs?: number;
}

/** Takes over `response` (with Fastify: after `reply.hijack()`) and keeps it open. */
export function openEventStream(
  response: ServerResponse,
  options: EventStreamOptions = {},
): EventStream {
  const { heartbeatMs = 15_000, maxBuffered = 1_048_576, retryMs = 2_000 } = options;
  const listeners = new Set<() => void>();
  let open = true;

  function write(text: string): void {
    if (!open) return;
    response.write(text);
    // A reader that does not read must not fill our memory.
    if (response.writableLength > maxBuffered) response.destroy();
  }

  function end(): void {
    if (!open) return;
    open = false;
    clearInterval(heartbeat);
    for (const listener of listeners) listener();
  }

  response.once('close', end);
  response.once('error', end);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx would collect events otherwise.
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  });
  const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
  heartbeat.unref();
  write(`retry: ${retryMs}\n\n`);
  if (response.destroyed) end();

  function sendJson(event: string, json: string, id?: string): void {
    const head = id === undefined ? '' : `id: ${oneLine(id)}\n`;
    write(`${head}event: ${oneLine(event)}\ndata: ${json}\n\n`);
  }

  function close(): void {
    if (open) response.end();
    end();
  }

  return {
    send: (event, data, id) => sendJson(event, JSON.stringify(data), id),
    sendJson,
    close,
    closeFor(milliseconds) {
      write(`retry: ${Math.round(milliseconds)}\n\n`);
      close();
    },
    onClose(listener) {
      if (open) listeners.add(listener);
      else listener();
    },
  };
}

/** A line break would start a field of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}
