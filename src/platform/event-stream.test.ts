import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openEventStream } from './event-stream.ts';
import type { EventStream, EventStreamOptions } from './event-stream.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** A browser's end of the line and ours. */
async function open(
  options?: EventStreamOptions,
): Promise<{ reader: Socket; stream: EventStream; text(): string }> {
  const opened = Promise.withResolvers<EventStream>();
  const server = createServer((_request, response) =>
    opened.resolve(openEventStream(response, options)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  endings.push(() => {
    reader.destroy();
    server.close();
  });
  let received = '';
  reader.setEncoding('utf8').on('data', (part: string) => (received += part));
  reader.on('error', () => undefined);
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return { reader, stream: await opened.promise, text: () => received };
}

test('sends events as one line of JSON each', async () => {
  const { stream, text } = await open();
  stream.send('pop', { name: 'Ada\nBerg\u2028', n: 1 }, '17');
  stream.send('gone\ndata: forged', {});
  await vi.waitFor(() => expect(text()).toContain('forged'), 60_000);
  expect(text()).toContain('content-type: text/event-stream');
  expect(text()).toContain('id: 17\nevent: pop\ndata: {"name":"Ada\\nBerg\u2028","n":1}\n\n');
  expect(text()).toContain('event: gone data: forged\ndata: {}\n\n');
});

test('says that it lives', async () => {
  const { text } = await open({ heartbeatMs: 20 });
  await vi.waitFor(() => expect(text()).toContain('\n:\n\n'), 60_000);
});

test('a reader that leaves ends the stream once; sending then does nothing', async () => {
  const { reader, stream } = await open();
  const ended = vi.fn<() => void>();
  stream.onClose(ended);
  reader.destroy();
  await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1), 60_000);
  stream.send('pop', {});
  stream.close();
  stream.onClose(ended);
  expect(ended).toHaveBeenCalledTimes(2);
});

test('a reader that does not read is cut off before it fills the memory', async () => {
  const { reader, stream } = await open({ maxBuffered: 100_000 });
  reader.pause();
  const ended = vi.fn<() => void>();
  stream.onClose(ended);
  const large = { text: 'x'.repeat(50_000) };
  // More than the buffers of two sockets hold.
  for (let n = 0; n < 500 && ended.mock.calls.length === 0; n += 1) {
    stream.send('pop', large);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ended).toHaveBeenCalledTimes(1);
});

test('closing it ends it for the reader', async () => {
  const { reader, stream, text } = await open();
  stream.close();
  await once(reader, 'end');
  expect(text()).toMatch(/^HTTP\/1\.1 200/);
});
