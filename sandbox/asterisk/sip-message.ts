import { createHash, randomBytes } from 'node:crypto';

/** One SIP message, as far as a test phone looks at it. */
export interface SipMessage {
  first: string;
  /** Lower-case name -> every value. */
  headers: Map<string, string[]>;
  body: string;
  /** Of a response; 0 of a request. */
  status: number;
  /** Of a request; '' of a response. */
  method: string;
  cseq: number;
  cseqMethod: string;
  callId: string;
}

export function header({ headers }: SipMessage, name: string): string {
  return headers.get(name)?.[0] ?? '';
}

export function readSip(datagram: Buffer): SipMessage {
  const text = datagram.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const [cseq = '0', cseqMethod = ''] = (headers.get('cseq')?.[0] ?? '').split(' ');
  const [one = '', two = ''] = first.split(' ');
  const response = one === 'SIP/2.0';
  return {
    first,
    headers,
    body: end < 0 ? '' : text.slice(end + 4),
    status: response ? Number(two) : 0,
    method: response ? '' : one,
    cseq: Number(cseq),
    cseqMethod,
    callId: headers.get('call-id')?.[0] ?? '',
  };
}

export const token = (bytes = 6): string => randomBytes(bytes).toString('hex');
export const newBranch = (): string => `z9hG4bK${token()}`;
export const tagOf = (text: string): string => /;tag=([^;>\s]+)/.exec(text)?.[1] ?? '';
export const uriOf = (text: string): string =>
  /<([^>]+)>/.exec(text)?.[1] ?? text.split(';')[0]?.trim() ?? '';

/** The answer to a 401 or 407 (RFC 2617, MD5, with or without qop=auth). */
export function authorization(
  response: SipMessage,
  account: { user: string; password: string },
  method: string,
  uri: string,
): string {
  const proxy = response.status === 407;
  const challenge = header(response, proxy ? 'proxy-authenticate' : 'www-authenticate');
  const field = (name: string) =>
    new RegExp(`${name}="?([^",]+)"?`, 'i').exec(challenge)?.[1] ?? '';
  const [realm, nonce, opaque, qop] = [
    field('realm'),
    field('nonce'),
    field('opaque'),
    field('qop'),
  ];
  const cnonce = token(4);
  const ha1 = md5(`${account.user}:${realm}:${account.password}`);
  const ha2 = md5(`${method}:${uri}`);
  const digest =
    qop === ''
      ? md5(`${ha1}:${nonce}:${ha2}`)
      : md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
  return [
    `${proxy ? 'Proxy-' : ''}Authorization: Digest username="${account.user}",realm="${realm}",nonce="${nonce}"`,
    `uri="${uri}",response="${digest}",algorithm=MD5`,
    ...(qop === '' ? [] : [`qop=auth,nc=00000001,cnonce="${cnonce}"`]),
    ...(opaque === '' ? [] : [`opaque="${opaque}"`]),
  ].join(',');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
