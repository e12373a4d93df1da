import { WebSocket } from 'ws';
import { z } from 'zod';
import { guardedLookup, refuseAddress } from '../../platform/outbound.ts';
import { closedHere, LinkError, socketFailure } from '../link-error.ts';
import { jsonOf } from './answer.ts';

const frame = z.object({
  sequence: z.number(),
  event: z.object({
    /** 0 upsert, 1 remove; others tell nothing of who has a call. */
    event_type: z.number(),
    entity: z.string().max(512),
  }),
});

export interface EntityEvent {
  /** Frames were lost before this one. */
  gap: boolean;
  removed: boolean;
  dn: string;
  participant: string;
}

/** Milliseconds. */
export interface SocketTiming {
  connect: number;
  pingEvery: number;
  pingDeadline: number;
}

export interface EventSocket {
  /** Resolves with the reason once it is gone. */
  closed: Promise<LinkError>;
  close(reason?: LinkError): void;
}

const largestFrame = 64 * 1024;

/**
 * The websocket on which 3CX says which entity changed, not how. Resolves once it is open. Throws LinkError `unauthorized` when the
 * token is refused.
 */
export async function openEventSocket(
  url: string,
  token: string,
  timing: SocketTiming,
  onEvent: (event: EntityEvent) => void,
  signal?: AbortSignal,
): Promise<EventSocket> {
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<LinkError>();
  const { promise: opened, resolve: tellOpened } = Promise.withResolvers<void>();
  const { host: where, hostname } = new URL(url);
  try {
    refuseAddress(hostname, 'phone-web');
  } catch (error) {
    throw socketFailure(error, where);
  }
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/callcontrol/ws`, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: timing.connect,
    maxPayload: largestFrame,
    perMessageDeflate: false,
    followRedirects: false,
    lookup: guardedLookup('phone-web'),
  });
  let last: number | null = null;
  let pinger: NodeJS.Timeout | null = null;
  const close = (reason: LinkError = closedHere()) => {
    if (pinger) clearTimeout(pinger);
    signal?.removeEventListener('abort', onAbort);
    tellClosed(reason);
    socket.terminate();
  };
  const onAbort = () => close();
  signal?.addEventListener('abort', onAbort, { once: true });
  const ping = () => {
    socket.ping();
    pinger = setTimeout(() => close(frozen(timing.pingDeadline)), timing.pingDeadline);
  };
  socket.on('open', () => {
    pinger = setTimeout(ping, timing.pingEvery);
    tellOpened();
  });
  socket.on('pong', () => {
    if (pinger) clearTimeout(pinger);
    pinger = setTimeout(ping, timing.pingEvery);
  });
  socket.on('unexpected-response', (_request, response) =>
    close(refused(response.statusCode ?? 0)),
  );
  socket.on('error', (error) => close(failureOf(error, where)));
  socket.on('close', () => close(socketFailure({}, where)));
  socket.on('message', (data) => {
    const told = frame.safeParse(jsonOf(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
    if (!told.success) return close(unreadable());
    const { sequence, event } = told.data;
    const gap = last !== null && sequence !== last + 1;
    last = sequence;
    const [, dn, participant] =
      /^\/callcontrol\/([^/]{1,32})\/participants\/([^/]{1,64})$/.exec(event.entity) ?? [];
    const removed = event.event_type === 1;
    if (dn !== undefined && participant !== undefined && event.event_type <= 1)
      onEvent({ gap, removed, dn: decode(dn), participant: decode(participant) });
    else if (gap) onEvent({ gap, removed: false, dn: '', participant: '' });
  });
  const reason = await Promise.race([opened, closed]);
  if (reason) throw reason;
  return { closed, close };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function failureOf(error: Error, where: string): LinkError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return tooLarge();
  if (code.startsWith('WS_ERR')) return unreadable();
  if (/handshake has timed out/i.test(error.message))
    return socketFailure({ code: 'ETIMEDOUT' }, where);
  return socketFailure(error, where);
}

function refused(status: number): LinkError {
  return status === 401 || status === 403
    ? new LinkError(
        'unauthorized',
        '3CX refuses the token of the API client.',
        'It is tried again by itself. When it stays so, another program uses the same API client: only one token of it lives at a time.',
      )
    : new LinkError(
        'wrong-protocol',
        `There is no event stream at this address (status ${status}).`,
        'Check that it is a 3CX v20 with Call Control, and that a proxy before it lets websockets through.',
      );
}

function frozen(deadline: number): LinkError {
  return new LinkError(
    'timeout',
    `3CX gave no sign of life for ${deadline / 1000} seconds.`,
    'It is tried again by itself. Check that no firewall drops idle connections.',
  );
}

function unreadable(): LinkError {
  return new LinkError(
    'protocol-error',
    'What 3CX sends on its event stream cannot be read.',
    'Check that it is a 3CX v20 with Call Control; it is tried again by itself.',
  );
}

function tooLarge(): LinkError {
  return new LinkError(
    'too-large',
    '3CX sent an event that is far too large.',
    'Check that the address leads to a 3CX.',
  );
}
