import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient } from './http-client.ts';
import type { HttpClientOptions, HttpRequest } from './http-client.ts';
import { selfSigned } from './self-signed.testing.ts';

let cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUp.map(async (one) => one()));
  cleanUp = [];
});

async function listen(server: Server, scheme = 'http'): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));
const tcp = (greet: (socket: Socket) => void): Promise<string> =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      greet(socket);
    }),
  );

function ask(url: string, request: Partial<HttpRequest> = {}, options: HttpClientOptions = {}) {
  const client = createHttpClient({ timeoutMs: 30_000, ...options });
  cleanUp.push(() => client.close());
  return client.request({ url, ...request });
}

test('text, status and headers come back, gzip unpacked', async () => {
  const url = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toBe('gzip');
    response.writeHead(201, {
      'content-encoding': 'gzip',
      'X-Total-Count': '7',
      'set-cookie': ['a=1', 'b=2'],
    });
    response.end(gzipSync('Grüße'));
  });
  expect(await ask(url)).toMatchObject({
    status: 201,
    text: 'Grüße',
    headers: { 'x-total-count': '7', 'set-cookie': 'a=1, b=2' },
  });
});

test('no cookie is kept and no redirect followed', async () => {
  const seen: IncomingMessage[] = [];
  const url = await serve((request, response) => {
    seen.push(request);
    response
      .writeHead(302, { location: 'http://127.0.0.1:9/', 'set-cookie': 'JSESSIONID=1' })
      .end();
  });
  const client = createHttpClient();
  cleanUp.push(() => client.close());
  expect((await client.request({ url, headers: { authorization: 'Basic x' } })).status).toBe(302);
  await client.request({ url });
  expect(seen.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

test('connections are kept alive', async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('x');
  });
  const client = createHttpClient();
  cleanUp.push(() => client.close());
  for (let n = 0; n < 10; n += 1) await client.request({ url });
  // A connection may still be busy ending when the next request begins.
  expect(ports.size).toBeLessThan(4);
});

const gone = (status: number) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-length': '1000' });
  response.write('half', () => response.destroy());
};

test.each<[string, string, () => Promise<string>, Partial<HttpRequest>, HttpClientOptions]>([
  ['silence', 'timeout', () => serve(() => undefined), { timeoutMs: 150 }, {}],
  [
    'silence, by the pause allowed',
    'timeout',
    () => serve(() => undefined),
    {},
    { idleTimeoutMs: 150 },
  ],
  [
    'a slow drip',
    'timeout',
    () =>
      serve((_, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      }),
    { timeoutMs: 300 },
    {},
  ],
  [
    'a drip of header bytes',
    'timeout',
    () =>
      tcp((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('X-A: b\r\n'), 20);
        socket.on('close', () => clearInterval(drip));
      }),
    { timeoutMs: 300 },
    {},
  ],
  [
    'a flood',
    'too-large',
    () =>
      serve((_, response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', pour);
        pour();
      }),
    { maxBytes: 1_000_000 },
    {},
  ],
  [
    'a small archive of zeros',
    'too-large',
    () =>
      serve((_, response) => {
        response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(20_000_000)));
      }),
    { maxBytes: 1_000_000 },
    {},
  ],
  [
    'a broken archive',
    'protocol',
    () =>
      serve((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no archive');
      }),
    {},
    {},
  ],
  [
    'an archive cut short',
    'reset',
    () =>
      serve((_, response) => {
        response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync('x'.repeat(10_000)).subarray(0, 20));
      }),
    {},
    {},
  ],
  [
    'an encoding nobody asked for',
    'protocol',
    () =>
      serve((_, response) => {
        response.writeHead(200, { 'content-encoding': 'br' }).end('x');
      }),
    {},
    {},
  ],
  ['a hang-up at once', 'reset', () => tcp((socket) => socket.destroy()), {}, {}],
  ['a hang-up in the middle', 'reset', () => serve(gone(200)), {}, {}],
  [
    'something that is not HTTP',
    'protocol',
    () => tcp((socket) => void socket.once('data', () => socket.end('220 mail ready\r\n'))),
    {},
    {},
  ],
  [
    'headers without end',
    'protocol',
    () =>
      tcp((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const pour = (): void => {
          while (!socket.destroyed && socket.write(`X-A: ${'b'.repeat(60_000)}\r\n`));
        };
        socket.on('drain', pour);
        pour();
      }),
    {},
    {},
  ],
  [
    'plain HTTP where TLS was wanted',
    'tls',
    async () => (await serve(() => undefined)).replace('http:', 'https:'),
    {},
    {},
  ],
  [
    'a certificate nobody vouches for',
    'tls',
    () =>
      listen(
        createTlsServer(selfSigned(), (_, response) => response.end('x')),
        'https',
      ),
    {},
    {},
  ],
  [
    'a closed port',
    'refused',
    async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      await new Promise((done) => server.close(done));
      return `http://127.0.0.1:${port}/`;
    },
    {},
    {},
  ],
  ['an unknown name', 'dns', async () => 'http://no-such-host.invalid/', {}, {}],
])('%s is a failure of kind %s', async (_, kind, start, request, options) => {
  await expect(ask(await start(), request, options)).rejects.toMatchObject({
    name: 'HttpFailure',
    kind,
  });
});

test('the environment cannot switch the check of certificates off', async () => {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const url = await listen(
      createTlsServer(selfSigned(), (_, response) => response.end('x')),
      'https',
    );
    await expect(ask(url)).rejects.toMatchObject({ kind: 'tls' });
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  }
});

test('a caller who gives up gets `aborted`, before and while it runs', async () => {
  const url = await serve(() => undefined);
  await expect(ask(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    kind: 'aborted',
  });
  const stop = new AbortController();
  const asked = ask(url, { signal: stop.signal });
  setTimeout(() => stop.abort(), 30);
  await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
});
