import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../platform/self-signed.testing.ts';
import { LinkError } from '../link-error.ts';
import type { ActionFields } from './ami-action.ts';
import { openAmiConnection } from './ami-connection.ts';
import type { AmiConnection, AmiOptions } from './ami-connection.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { block, startAmiServer } from './ami-server.testing.ts';
import type { AmiServer, AmiServerOptions } from './ami-server.testing.ts';
import { signIn } from './ami-sign-in.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serverWith(options: AmiServerOptions = {}): Promise<AmiServer> {
  const server = await startAmiServer(options);
  closers.push(() => server.close());
  return server;
}

/** A server that does to a connection whatever is told. */
async function rawServer(serve: (socket: net.Socket) => void): Promise<number> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const timing = { connect: 20_000, action: 20_000, pingEvery: 50, pingDeadline: 20_000 };

async function open(port: number, options: Partial<AmiOptions> = {}): Promise<AmiConnection> {
  const connection = await openAmiConnection({
    host: '127.0.0.1',
    port,
    tls: 'no',
    timing,
    onEvents: () => undefined,
    ...options,
  });
  closers.push(() => connection.close());
  return connection;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof LinkError ? error.code : String(error)),
  );

const banner = 'Asterisk Call Manager/11.0.0\r\n';

describe('signing in', () => {
  test('by MD5 the secret does not travel', async () => {
    const server = await serverWith();
    await signIn(await open(server.port), { username: 'u', secret: 'hush', method: 'md5' });
    expect(JSON.stringify(server.received)).not.toContain('hush');
  });

  test('in plain text where it is asked for', async () => {
    const server = await serverWith();
    await signIn(await open(server.port), { username: 'u', secret: 'hush', method: 'plain' });
    expect(server.received[0]).toMatchObject({ Action: 'Login', Secret: 'hush' });
  });

  test('a wrong secret is named and not repeated in the message', async () => {
    const server = await serverWith();
    const connection = await open(server.port);
    const login = { username: 'u', secret: 'wrong-one', method: 'md5' } as const;
    const error = await signIn(connection, login).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(String(error)).not.toContain('wrong-one');
  });

  test('over TLS: a certificate that nobody vouches for is refused unless any will do', async () => {
    const certificate = selfSigned();
    const server = await serverWith({ tls: certificate });
    expect(await codeOf(open(server.port, { tls: 'yes' }))).toBe('tls');
    const login = { username: 'u', secret: 'hush', method: 'md5' } as const;
    await signIn(await open(server.port, { tls: 'any' }), login);
    await signIn(await open(server.port, { tls: 'yes', ca: certificate.cert }), login);
  });
});

describe('what cannot be sent', () => {
  test.each<ActionFields>([
    { Exten: '101\r\n\r\nAction: Originate' },
    { Exten: '101\n' },
    { Exten: '101\r' },
    { Exten: 'a\0b' },
    { 'Exten: 1\r\nAction': 'x' },
    { Variable: ['a=1', 'b=2\r\nAction: Logoff'] },
  ])('%j', async (fields) => {
    const server = await serverWith();
    const connection = await open(server.port);
    await expect(connection.action({ Action: 'Ping', ...fields })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await connection.action({ Action: 'Ping' });
    expect(server.received).toHaveLength(1);
  });
});

describe('lists', () => {
  test('are collected until they are complete, whatever comes between', async () => {
    const server = await serverWith({
      answer: ({ Action, ActionID = '' }) =>
        Action !== 'Things'
          ? undefined
          : block({ Response: 'Success', ActionID, EventList: 'start' }) +
            block({ Event: 'Thing', ActionID, Name: 'a' }) +
            block({ Event: 'Newchannel', Uniqueid: '1.1' }) +
            block({ Event: 'Thing', ActionID, Name: 'b' }) +
            block({ Event: 'ThingsComplete', ActionID, EventList: 'Complete' }),
    });
    const seen: AmiMessage[] = [];
    const connection = await open(server.port, { onEvents: (more) => void seen.push(...more) });
    const list = await connection.list({ Action: 'Things' });
    expect(list.map((message) => valueOf(message, 'Name'))).toEqual(['a', 'b']);
    expect(seen).toHaveLength(4);
  });
});

describe('a peer that', () => {
  test('refuses', async () => {
    const server = await startAmiServer();
    await server.close();
    expect(await codeOf(open(server.port))).toBe('refused');
  });

  test('says nothing at all', async () => {
    const port = await rawServer(() => undefined);
    expect(await codeOf(open(port, { timing: { connect: 400 } }))).toBe('timeout');
  });

  test('speaks no TLS where TLS is asked for', async () => {
    const server = await serverWith();
    expect(await codeOf(open(server.port, { tls: 'yes' }))).toBe('tls');
  });

  test.each([
    ['another server', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['binary', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256))],
    ['an endless banner', 'x'.repeat(100_000)],
  ])('greets as %s', async (_, bytes) => {
    const port = await rawServer((socket) => socket.write(bytes));
    expect(await codeOf(open(port))).toBe('wrong-protocol');
  });

  test('closes in the middle of a message', async () => {
    const port = await rawServer((socket) => socket.end(`${banner}Event: Newchannel\r\nUniq`));
    expect((await (await open(port)).closed).code).toBe('closed');
  });

  test('sends a line without an end', async () => {
    const port = await rawServer((socket) => {
      socket.write(banner);
      flood(socket, Buffer.alloc(64 * 1024, 0x61));
    });
    expect((await (await open(port)).closed).code).toBe('too-large');
  });

  test('sends a message without an end', async () => {
    const port = await rawServer((socket) => {
      socket.write(`${banner}Event: Newchannel\r\n`);
      flood(socket, Buffer.from('Key: value\r\n'.repeat(4000)));
    });
    expect((await (await open(port)).closed).code).toBe('too-large');
  });

  test('sends bytes that are no messages', async () => {
    const port = await rawServer((socket) => {
      socket.write(banner);
      socket.write('Nonsense: 1\r\n\r\n'.repeat(50));
    });
    expect((await (await open(port)).closed).code).toBe('protocol-error');
  });

  test('is frozen: the line looks whole, and a Ping tells', async () => {
    const server = await serverWith({
      answer: ({ Action }) => (Action === 'Ping' ? null : undefined),
    });
    const impatient = { ...timing, pingDeadline: 150 };
    const connection = await open(server.port, { timing: impatient });
    connection.watch();
    expect((await connection.closed).code).toBe('timeout');
  });

  test('answers every Ping stays connected', async () => {
    const server = await serverWith();
    const connection = await open(server.port);
    connection.watch();
    const pings = () => server.received.filter(({ Action }) => Action === 'Ping').length;
    while (pings() < 3) await sleep(20);
    expect(valueOf(await connection.action({ Action: 'Ping' }), 'Response')).toBe('Success');
  });

  test('floods with 1 GB of events: no more is read than is worked off', async () => {
    const event = Buffer.from(
      block({ Event: 'Newexten', Uniqueid: '1.1', AppData: 'x'.repeat(900) }),
    );
    const piece = Buffer.concat(Array.from({ length: 64 }, () => event));
    let sent = 0;
    const port = await rawServer((socket) => {
      socket.write(banner);
      flood(socket, piece, 1024 ** 3, (bytes) => (sent = bytes));
    });
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    let batches = 0;
    const before = process.memoryUsage().rss;
    const connection = await open(port, {
      onEvents: () => {
        batches += 1;
        return stuck;
      },
    });
    while (batches < 16) await sleep(10);
    await sleep(300);
    expect(batches).toBeLessThanOrEqual(17);
    expect(sent).toBeLessThan(64 * 1024 ** 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
    release();
    while (batches <= 17) await sleep(10);
    connection.close();
  });
});

/** Writes as fast as the other side reads. */
function flood(
  socket: net.Socket,
  piece: Buffer,
  total = 64 * 1024 ** 2,
  onSent: (bytes: number) => void = () => undefined,
): void {
  let sent = 0;
  const more = () => {
    while (sent < total && !socket.destroyed) {
      sent += piece.length;
      onSent(sent);
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
  };
  more();
}
