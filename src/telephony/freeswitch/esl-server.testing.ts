import net from 'node:net';
import type { AddressInfo } from 'node:net';

export interface EslServer {
  port: number;
  /** Every command received, over all connections. */
  received: string[];
  /** To every connection. */
  send(bytes: Buffer | string): void;
  drop(): void;
  close(): Promise<void>;
}

export interface EslServerOptions {
  greeting?: Buffer | string;
  password?: string;
  /** Answers a command; undefined: the usual answer, null: none. */
  answer?(command: string, socket: net.Socket): string | null | undefined;
}

export const apiAnswer = (body: string): string =>
  `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`;

export const reply = (text: string): string =>
  `Content-Type: command/reply\nReply-Text: ${text}\n\n`;

export const eslEvent = (fields: Record<string, string>, body = ''): string => {
  const lines = Object.entries(fields).map(
    ([name, value]) => `${name}: ${encodeURIComponent(value)}\n`,
  );
  const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\n`;
  const text = `${lines.join('')}${length}\n${body}`;
  return `Content-Length: ${Buffer.byteLength(text)}\nContent-Type: text/event-plain\n\n${text}`;
};

const users =
  'userid|context|domain|group\n101|default|pbx|x\n102|default|pbx|x\nbrian|default|pbx|x\n\n+OK\n';

/** A stand-in for the Event Socket of FreeSWITCH, as far as tests of our client need one. */
export async function startEslServer(options: EslServerOptions = {}): Promise<EslServer> {
  const { greeting = 'Content-Type: auth/request\n\n', password = 'ClueCon' } = options;
  const received: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (greeting.length > 0) socket.write(greeting);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const command = text.slice(0, end);
        text = text.slice(end + 2);
        received.push(command);
        const own = options.answer?.(command, socket);
        if (own !== null) socket.write(own ?? usual(command, password));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    received,
    send(bytes) {
      for (const socket of sockets) socket.write(bytes);
    },
    drop,
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}

function usual(command: string, password: string): string {
  if (command.startsWith('auth '))
    return reply(command === `auth ${password}` ? '+OK accepted' : '-ERR invalid');
  if (command === 'api show channels as json') return apiAnswer('{"row_count":0}');
  if (command === 'api show registrations as json')
    return apiAnswer('{"row_count":2,"rows":[{"reg_user":"102"},{"reg_user":"103"}]}');
  if (command === 'api list_users') return apiAnswer(users);
  if (command === 'api uptime') return apiAnswer('42');
  if (command.startsWith('bgapi ')) return reply('+OK Job-UUID: 1');
  return reply('+OK');
}
