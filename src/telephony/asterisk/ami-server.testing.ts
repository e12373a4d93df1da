import { createHash } from 'node:crypto';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

/** An action as the server received it. */
export type ReceivedAction = Record<string, string>;

export interface AmiServer {
  port: number;
  /** Every action received, over all connections. */
  received: ReceivedAction[];
  sockets: Set<net.Socket>;
  /** To every connection that is signed in or not. */
  send(block: Record<string, string>): void;
  drop(): void;
  close(): Promise<void>;
}

export interface AmiServerOptions {
  banner?: string;
  secret?: string;
  tls?: { key: string; cert: string };
  /** A free one when not given. */
  port?: number;
  /** Answers an action; undefined: the usual answer, null: none. */
  answer?(action: ReceivedAction, socket: net.Socket): string | null | undefined;
}

/** One block of the stream. */
export const block = (fields: Record<string, string>): string =>
  `${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\r\n')}\r\n\r\n`;

/** A stand-in for the manager interface of Asterisk, as far as tests of our client need one. */
export async function startAmiServer(options: AmiServerOptions = {}): Promise<AmiServer> {
  const { banner = 'Asterisk Call Manager/11.0.0\r\n', secret = 'hush' } = options;
  const received: ReceivedAction[] = [];
  const sockets = new Set<net.Socket>();

  function serve(socket: net.Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.write(banner);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const action = Object.fromEntries(
          text
            .slice(0, end)
            .split('\r\n')
            .map((line) => line.split(/: (.*)/s).slice(0, 2)),
        ) as ReceivedAction;
        text = text.slice(end + 4);
        received.push(action);
        const own = options.answer?.(action, socket);
        if (own !== null) socket.write(own ?? usual(action, secret));
      }
    });
  }

  const server = options.tls ? tls.createServer(options.tls, serve) : net.createServer(serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    received,
    sockets,
    send(fields) {
      for (const socket of sockets) socket.write(block(fields));
    },
    drop,
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}

const challenge = '314159265';

function usual(action: ReceivedAction, secret: string): string {
  const ActionID = action['ActionID'] ?? '';
  const ok = (more: Record<string, string> = {}) =>
    block({ Response: 'Success', ActionID, ...more });
  const list = (...events: Record<string, string>[]) =>
    ok({ EventList: 'start' }) +
    events.map((event) => block({ ...event, ActionID })).join('') +
    block({
      Event: `${action['Action']}Complete`,
      EventList: 'Complete',
      ActionID,
      ListItems: String(events.length),
    });
  switch (action['Action']) {
    case 'Challenge':
      return ok({ Challenge: challenge });
    case 'Login': {
      const key = createHash('md5')
        .update(challenge + secret)
        .digest('hex');
      const right = action['Key'] === key || action['Secret'] === secret;
      return right
        ? ok({ Message: 'Authentication accepted' })
        : block({ Response: 'Error', ActionID, Message: 'Authentication failed' });
    }
    case 'CoreStatus':
      return ok({ CoreStartupDate: '2026-11-23', CoreStartupTime: '12:00:00' });
    case 'ListCommands':
      return ok({
        Originate: '(Priv: originate,all)',
        Redirect: '(Priv: call,all)',
        CoreShowChannels: '(Priv: reporting,all)',
        QueueStatus: '(Priv: <none>)',
        QueuePause: '(Priv: agent,all)',
      });
    case 'Originate':
      return (
        ok() +
        block({
          Event: 'OriginateResponse',
          ActionID,
          Response: 'Failure',
          Reason: '0',
          Uniqueid: action['ChannelId'] ?? '',
        })
      );
    case 'DeviceStateList':
      return list(
        { Event: 'DeviceStateChange', Device: 'PJSIP/101' },
        { Event: 'DeviceStateChange', Device: 'PJSIP/carrier' },
        { Event: 'DeviceStateChange', Device: 'Queue:support_avail' },
      );
    case 'CoreShowChannels':
    case 'Status':
    case 'QueueStatus':
    case 'ExtensionStateList':
      return list();
    default:
      return ok();
  }
}
