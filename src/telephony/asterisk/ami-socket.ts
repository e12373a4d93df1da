import net from 'node:net';
import tls from 'node:tls';
import { guardedLookup, refuseAddress } from '../../platform/outbound.ts';
import { cleanText } from '../../platform/text.ts';
import { LinkError, socketFailure } from '../link-error.ts';

/** `any`: encrypted, but whoever answers is believed. */
export type TlsMode = 'no' | 'yes' | 'any';

export interface AmiAddress {
  host: string;
  port: number;
  tls: TlsMode;
  /** A certificate authority to believe besides the usual ones (PEM). */
  ca?: string;
}

const longestBanner = 256;

/**
 * Connects and reads the banner, within `deadline` milliseconds; answers the paused socket and what came after the banner.
 * Throws LinkError, or the signal's reason.
 */
export async function openAmiSocket(
  address: AmiAddress,
  deadline: number,
  signal?: AbortSignal,
): Promise<{ socket: net.Socket; rest: Buffer }> {
  signal?.throwIfAborted();
  const { host, port } = address;
  const where = `${host}:${port}`;
  try {
    refuseAddress(host, 'phone-link');
  } catch (error) {
    throw socketFailure(error, where);
  }
  const socket = connectTo(address);
  socket.setNoDelay(true);
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let connected = false;
    const fail = (error: unknown) => {
      finish();
      socket.on('error', () => undefined).destroy();
      reject(signal?.aborted ? signal.reason : socketFailure(error, where));
    };
    const timer = setTimeout(() => fail(silence(where, connected)), deadline);
    const onConnect = () => (connected = true);
    const onAbort = () => fail(signal?.reason);
    const onClose = () => fail({ code: '' });
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(0x0a);
      if (end < 0 && head.length < longestBanner) return;
      const banner = head.toString('utf8', 0, end < 0 ? longestBanner : end);
      if (!/^Asterisk Call Manager\/\d/.test(banner)) return fail(notAmi(where, banner));
      socket.pause();
      finish();
      resolve({ socket, rest: head });
    };
    function finish() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('error', fail).off('close', onClose);
      socket.off('connect', onConnect);
    }
    signal?.addEventListener('abort', onAbort);
    socket.on('connect', onConnect).on('data', onData).on('error', fail).on('close', onClose);
  });
}

function connectTo({ host, port, tls: mode, ca }: AmiAddress): net.Socket {
  const lookup = guardedLookup('phone-link');
  if (mode === 'no') return net.connect({ host, port, lookup });
  return tls.connect({
    host,
    port,
    lookup,
    rejectUnauthorized: mode === 'yes',
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] }),
  });
}

function silence(where: string, connected: boolean): LinkError {
  return connected
    ? new LinkError(
        'timeout',
        `${where} takes connections but says nothing.`,
        'Check the port: the manager interface greets at once. A port that speaks TLS waits for the other side to begin: then choose TLS.',
      )
    : new LinkError(
        'timeout',
        `${where} does not answer.`,
        'Check the host and that firewalls let this machine through.',
      );
}

function notAmi(where: string, banner: string): LinkError {
  const said = cleanText(banner.toWellFormed(), 60);
  return new LinkError(
    'wrong-protocol',
    `What answers at ${where} is not the Asterisk Manager Interface${said === '' ? '.' : `: it says '${said}'.`}`,
    'Check the port: it is the one in manager.conf, usually 5038 (5039 with TLS).',
  );
}
