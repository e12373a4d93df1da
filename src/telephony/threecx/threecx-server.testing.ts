import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface StandInParticipant {
  id: number;
  status: string;
  callid: number;
  [field: string]: unknown;
}

export interface ThreecxServer {
  url: string;
  /** `POST /connect/token`, `GET /callcontrol/101/participants/5` … in order. */
  requests: string[];
  /** A participant appears or changes; 3CX says so and not how. */
  put(dn: string, participant: StandInParticipant): void;
  remove(dn: string, id: number): void;
  removeAll(): void;
  /** The next event number is left out. */
  skip(): void;
  /** Changes without a word, as while a link is down. */
  silently(change: () => void): void;
  /** Kills the token, as when another program asks for one. */
  killToken(): void;
  sockets: Set<WebSocket>;
  drop(): void;
  close(): Promise<void>;
}

export interface ThreecxServerOptions {
  apiKey?: string;
  expiresIn?: number;
  /** Answers pings. */
  alive?: boolean;
  /** The client may not use Call Control. */
  forbidden?: boolean;
}

/** A stand-in for the Call Control API of a 3CX v20 with the extensions 101 and 102, the queue 800 and a route point. */
export async function startThreecxServer(
  options: ThreecxServerOptions = {},
): Promise<ThreecxServer> {
  const { apiKey = 'key', expiresIn = 3600, alive = true, forbidden = false } = options;
  const requests: string[] = [];
  const dns = new Map<string, { type: string; participants: Map<number, StandInParticipant> }>(
    [
      ['101', 'Wextension'],
      ['102', 'Wextension'],
      ['800', 'Wqueue'],
      ['900', 'Wroutepoint'],
    ].map(([dn = '', type = '']) => [dn, { type, participants: new Map() }]),
  );
  const sockets = new Set<WebSocket>();
  let token = '';
  let tokens = 0;
  let sequence = 0;
  let quiet = false;

  function allowed(request: IncomingMessage): boolean {
    return token !== '' && request.headers.authorization === `Bearer ${token}`;
  }

  function tell(event_type: number, entity: string): void {
    if (quiet) return;
    sequence += 1;
    const frame = JSON.stringify({ sequence, event: { event_type, entity, attached_data: null } });
    for (const socket of sockets) socket.send(frame);
  }

  function answer(request: IncomingMessage, body: string): [status: number, answer?: unknown] {
    const path = request.url ?? '';
    if (path === '/connect/token') {
      if (new URLSearchParams(body).get('client_secret') !== apiKey)
        return [401, { error: 'invalid_client' }];
      tokens += 1;
      token = `token-${tokens}`;
      return [200, { token_type: 'Bearer', access_token: token, expires_in: expiresIn }];
    }
    if (!allowed(request)) return [401];
    if (forbidden) return [403];
    if (path === '/callcontrol')
      return [
        200,
        [...dns].map(([dn, { type, participants }]) => ({
          dn,
          type,
          devices: [],
          participants: [...participants.values()].map((one) => ({ dn, ...one })),
        })),
      ];
    const [, dn = '', rest = ''] = /^\/callcontrol\/([^/]+)\/(.*)$/.exec(path) ?? [];
    const known = dns.get(dn);
    if (rest === 'makecall') {
      if (!known) return [404];
      const { destination } = JSON.parse(body) as { destination: string };
      if (destination === '999') return [422, { reason: 'NoAnswer', reasontext: 'Not answered' }];
      return [200, { finalstatus: 'Success', reason: 'None', result: { callid: 77, id: 9, dn } }];
    }
    const id = Number(/^participants\/(\d+)$/.exec(rest)?.[1]);
    const one = known?.participants.get(id);
    return one ? [200, { dn, ...one }] : [404];
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push(`${request.method} ${request.url}`);
      const [status, said] = answer(request, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(said === undefined ? '' : JSON.stringify(said));
    });
  });
  const streams = new WebSocketServer({ noServer: true, autoPong: alive });
  server.on('upgrade', (request, socket, head) => {
    requests.push(`WS ${request.url}`);
    if (!allowed(request))
      return socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    streams.handleUpgrade(request, socket, head, (stream) => {
      sockets.add(stream);
      stream.on('close', () => sockets.delete(stream)).on('error', () => undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.terminate();
  };
  const remove = (dn: string, id: number) => {
    dns.get(dn)?.participants.delete(id);
    tell(1, `/callcontrol/${dn}/participants/${id}`);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    put(dn, participant) {
      dns.get(dn)?.participants.set(participant.id, participant);
      tell(0, `/callcontrol/${dn}/participants/${participant.id}`);
    },
    remove,
    removeAll() {
      for (const [dn, { participants }] of dns)
        for (const id of participants.keys()) remove(dn, id);
    },
    skip: () => void (sequence += 1),
    silently(change) {
      quiet = true;
      change();
      quiet = false;
    },
    killToken: () => void (token = 'of-another-program'),
    sockets,
    drop,
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
