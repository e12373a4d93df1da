import dgram from 'node:dgram';
import { once } from 'node:events';
import { SipCall } from './sip-call.ts';
import { authorization, header, newBranch, readSip, tagOf, token } from './sip-message.ts';
import type { SipMessage } from './sip-message.ts';

export interface PhoneOptions {
  user: string;
  /** A carrier needs none. */
  password?: string;
  ip: string;
  server: string;
}

/** What a request is made of. */
export interface RequestParts {
  from: string;
  to: string;
  callId: string;
  cseq: number;
  branch: string;
  headers?: string[];
  body?: string;
  contentType?: string;
}

const port = 5062;

/**
 * A telephone for tests: real SIP over UDP to a real phone system, signalling only. It sends no sound and repeats nothing: on
 * loopback nothing gets lost, and every step happens exactly when the test says so. A carrier is a phone as well.
 */
export class SipPhone {
  readonly options: PhoneOptions;
  readonly calls = new Map<string, SipCall>();
  /** What to do with an incoming call; nothing: it is left alone. */
  onCall: (call: SipCall) => void = () => undefined;
  readonly #socket = dgram.createSocket('udp4');
  readonly #pending = new Map<string, (message: SipMessage) => void>();
  #sdpVersion = 0;

  constructor(options: PhoneOptions) {
    this.options = options;
    this.#socket.on('message', (datagram) => this.#receive(readSip(datagram)));
  }

  async start(): Promise<this> {
    this.#socket.bind(port, this.options.ip);
    await once(this.#socket, 'listening');
    return this;
  }

  stop(): void {
    this.#socket.close();
  }

  get serverUri(): string {
    return `${this.options.server}:5060`;
  }

  /** Tells the phone system where this phone is. */
  async register(): Promise<void> {
    const { user, server } = this.options;
    const uri = `sip:${server}`;
    const parts = {
      from: `<sip:${user}@${server}>;tag=${token()}`,
      to: `<sip:${user}@${server}>`,
      callId: token(8),
      headers: ['Expires: 600'],
    };
    let answer = await this.request('REGISTER', uri, { ...parts, cseq: 1, branch: newBranch() });
    if (answer.status === 401) {
      const headers = [...parts.headers, this.authorize(answer, 'REGISTER', uri)];
      const again = { ...parts, headers, cseq: 2, branch: newBranch() };
      answer = await this.request('REGISTER', uri, again);
    }
    if (answer.status !== 200) throw new Error(`${user} cannot register: ${answer.first}`);
  }

  /** Dials; `from` lets a carrier show any caller. */
  dial(target: string, from?: { name: string; number: string }): SipCall {
    const { user, ip, server } = this.options;
    const caller = from ? `"${from.name}" <sip:${from.number}@${ip}>` : `<sip:${user}@${server}>`;
    const call = SipCall.outgoing(this, `sip:${target}@${this.serverUri}`, caller);
    this.calls.set(call.callId, call);
    call.dial();
    return call;
  }

  /** Every incoming call rings, and is answered after a while. */
  answerAfter(milliseconds: number): void {
    this.onCall = (call) => {
      call.ring();
      setTimeout(() => {
        if (call.state === 'new') call.answer();
      }, milliseconds);
    };
  }

  ringOnly(): void {
    this.onCall = (call) => call.ring();
  }

  /** The call that is up. */
  current(): SipCall {
    const up = [...this.calls.values()].find((call) => call.state === 'up');
    if (up === undefined) throw new Error(`${this.options.user} is in no call.`);
    return up;
  }

  async hangUpAll(): Promise<void> {
    for (const call of this.calls.values()) {
      if (call.state === 'up') await call.hangUp();
      else if (call.isOutgoing) call.cancel();
      else call.reject(486, 'Busy Here');
    }
  }

  sdp(direction: 'sendrecv' | 'sendonly' | 'recvonly' = 'sendrecv'): string {
    const { ip } = this.options;
    this.#sdpVersion += 1;
    return [
      'v=0',
      `o=- 1 ${this.#sdpVersion} IN IP4 ${ip}`,
      's=-',
      `c=IN IP4 ${ip}`,
      't=0 0',
      'm=audio 7062 RTP/AVP 0 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  authorize(answer: SipMessage, method: string, uri: string): string {
    const { user, password = '' } = this.options;
    return authorization(answer, { user, password }, method, uri);
  }

  /** Resolves with the final response. */
  request(method: string, uri: string, parts: RequestParts): Promise<SipMessage> {
    const key = parts.branch + method;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(key);
        reject(new Error(`${method}: no final response`));
      }, 40_000);
      this.#pending.set(key, (message) => {
        if (message.status < 200) {
          this.calls.get(message.callId)?.progress(message);
          return;
        }
        clearTimeout(timer);
        this.#pending.delete(key);
        resolve(message);
      });
      this.sendRequest(method, uri, parts);
    });
  }

  sendRequest(method: string, uri: string, parts: RequestParts): void {
    const { user, ip } = this.options;
    const { body = '' } = parts;
    this.#send([
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${ip}:${port};branch=${parts.branch};rport`,
      'Max-Forwards: 70',
      `From: ${parts.from}`,
      `To: ${parts.to}`,
      `Call-ID: ${parts.callId}`,
      `CSeq: ${parts.cseq} ${method}`,
      `Contact: <sip:${user}@${ip}:${port}>`,
      'Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, INFO, UPDATE, OPTIONS',
      'Supported: replaces',
      ...(parts.headers ?? []),
      ...(parts.contentType === undefined ? [] : [`Content-Type: ${parts.contentType}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ]);
  }

  /** Answers a request; the tag is added where the request had none. */
  reply(to: SipMessage, status: string, tag: string, sdp = ''): void {
    const { user, ip } = this.options;
    const target = header(to, 'to');
    this.#send([
      `SIP/2.0 ${status}`,
      ...(to.headers.get('via') ?? []).map((via) => `Via: ${via}`),
      `From: ${header(to, 'from')}`,
      `To: ${tagOf(target) === '' ? `${target};tag=${tag}` : target}`,
      `Call-ID: ${to.callId}`,
      `CSeq: ${header(to, 'cseq')}`,
      `Contact: <sip:${user}@${ip}:${port}>`,
      ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(sdp)}`,
      '',
      sdp,
    ]);
  }

  #send(lines: string[]): void {
    this.#socket.send(lines.join('\r\n'), 5060, this.options.server);
  }

  #receive(message: SipMessage): void {
    const call = this.calls.get(message.callId);
    if (message.status > 0) {
      const branch = /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? '';
      const transaction = this.#pending.get(branch + message.cseqMethod);
      if (transaction) return transaction(message);
      // A 2xx that comes again wants to be acknowledged again.
      if (message.cseqMethod === 'INVITE' && message.status < 300) call?.acknowledge(message.cseq);
      return;
    }
    if (message.method === 'INVITE' && !call) {
      const incoming = SipCall.incoming(this, message);
      this.calls.set(message.callId, incoming);
      this.reply(message, '100 Trying', '');
      return this.onCall(incoming);
    }
    if (message.method === 'ACK') return;
    if (call) return call.receive(message);
    this.reply(message, '200 OK', token());
  }
}
