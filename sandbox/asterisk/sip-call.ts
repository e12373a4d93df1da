import { header, newBranch, tagOf, token, uriOf } from './sip-message.ts';
import type { SipMessage } from './sip-message.ts';
import type { RequestParts, SipPhone } from './sip-phone.ts';

/** One call of one test phone. */
export class SipCall {
  readonly isOutgoing: boolean;
  readonly callId: string;
  state: 'new' | 'up' | 'ended' = 'new';
  /** Of an outgoing call: resolves with the status of the final response. */
  done: Promise<number> = Promise.resolve(0);
  readonly #phone: SipPhone;
  readonly #invite: SipMessage | null;
  readonly #localTag = token();
  readonly #local: string;
  #remote: string;
  #target: string;
  readonly #uri: string;
  #cseq: number;
  #branch = newBranch();
  #lastInvite: number;
  readonly #ringing = Promise.withResolvers<void>();

  private constructor(
    phone: SipPhone,
    call: { invite: SipMessage | null; callId: string; local: string; remote: string; uri: string },
  ) {
    this.#phone = phone;
    this.#invite = call.invite;
    this.isOutgoing = call.invite === null;
    this.callId = call.callId;
    this.#local = `${call.local};tag=${this.#localTag}`;
    this.#remote = call.remote;
    this.#target = call.uri;
    this.#uri = call.uri;
    this.#cseq = this.isOutgoing ? 1 : 100;
    this.#lastInvite = call.invite?.cseq ?? 0;
  }

  static outgoing(phone: SipPhone, uri: string, caller: string): SipCall {
    const remote = `<${uri}>`;
    return new SipCall(phone, { invite: null, callId: token(8), local: caller, remote, uri });
  }

  static incoming(phone: SipPhone, invite: SipMessage): SipCall {
    return new SipCall(phone, {
      invite,
      callId: invite.callId,
      local: header(invite, 'to'),
      remote: header(invite, 'from'),
      uri: uriOf(header(invite, 'contact')),
    });
  }

  /** Who calls, as the phone would show it. */
  get caller(): string {
    return this.#invite === null ? '' : header(this.#invite, 'from');
  }

  /** Of an outgoing call: resolves when it rings at the other end. */
  get ringing(): Promise<void> {
    return this.#ringing.promise;
  }

  // --- an incoming call
  ring(): void {
    if (this.#invite) this.#phone.reply(this.#invite, '180 Ringing', this.#localTag);
  }

  answer(): void {
    if (this.#invite) this.#phone.reply(this.#invite, '200 OK', this.#localTag, this.#phone.sdp());
    this.state = 'up';
  }

  reject(status: number, reason: string): void {
    if (this.#invite) this.#phone.reply(this.#invite, `${status} ${reason}`, this.#localTag);
    this.#end();
  }

  // --- an outgoing call
  dial(): void {
    this.done = this.#sendInvite();
    this.done.catch(() => undefined);
  }

  cancel(): void {
    this.#phone.sendRequest('CANCEL', this.#uri, {
      from: this.#local,
      to: `<${this.#uri}>`,
      callId: this.callId,
      cseq: this.#cseq,
      branch: this.#branch,
    });
  }

  async #sendInvite(): Promise<number> {
    const sdp = () => ({ body: this.#phone.sdp(), contentType: 'application/sdp' });
    let parts = this.#parts(sdp());
    let answer = await this.#phone.request('INVITE', this.#uri, parts);
    if (answer.status === 401 || answer.status === 407) {
      this.#acknowledgeFailure(parts, answer);
      this.#cseq += 1;
      this.#branch = newBranch();
      const headers = [this.#phone.authorize(answer, 'INVITE', this.#uri)];
      parts = this.#parts({ ...sdp(), headers });
      answer = await this.#phone.request('INVITE', this.#uri, parts);
    }
    this.#ringing.resolve();
    if (answer.status < 300) {
      this.#remote = header(answer, 'to');
      this.#target = uriOf(header(answer, 'contact')) || this.#target;
      this.state = 'up';
      this.acknowledge(this.#cseq);
    } else {
      this.#acknowledgeFailure(parts, answer);
      this.#end();
    }
    return answer.status;
  }

  progress(message: SipMessage): void {
    if (message.status === 180 || message.status === 183) this.#ringing.resolve();
  }

  // --- a call that is up
  acknowledge(cseq: number): void {
    this.#phone.sendRequest('ACK', this.#target, { ...this.#parts({}), cseq, branch: newBranch() });
  }

  hold(): Promise<SipMessage> {
    return this.#ask('INVITE', {
      body: this.#phone.sdp('sendonly'),
      contentType: 'application/sdp',
    });
  }

  resume(): Promise<SipMessage> {
    return this.#ask('INVITE', { body: this.#phone.sdp(), contentType: 'application/sdp' });
  }

  async hangUp(): Promise<void> {
    this.#end();
    await this.#ask('BYE', {}).catch(() => undefined);
  }

  /** A blind transfer. */
  transfer(target: string): Promise<SipMessage> {
    const { user, server } = this.#phone.options;
    const to = `sip:${target}@${this.#phone.serverUri}`;
    const headers = [`Refer-To: <${to}>`, `Referred-By: <sip:${user}@${server}>`];
    return this.#ask('REFER', { headers });
  }

  /** An attended transfer: the party of this call and that of `consultation`, which this phone placed, are joined. */
  join(consultation: SipCall): Promise<SipMessage> {
    const { user, server } = this.#phone.options;
    const replaces = encodeURIComponent(
      `${consultation.callId};to-tag=${tagOf(consultation.#remote)};from-tag=${consultation.#localTag}`,
    );
    const target = consultation.#target.split(';')[0] ?? '';
    const headers = [
      `Refer-To: <${target}?Replaces=${replaces}>`,
      `Referred-By: <sip:${user}@${server}>`,
    ];
    return this.#ask('REFER', { headers });
  }

  receive(message: SipMessage): void {
    const phone = this.#phone;
    switch (message.method) {
      case 'INVITE': {
        if (message.cseq === this.#lastInvite) return;
        this.#lastInvite = message.cseq;
        const held = /a=(sendonly|inactive)/.test(message.body);
        return phone.reply(message, '200 OK', '', phone.sdp(held ? 'recvonly' : 'sendrecv'));
      }
      case 'CANCEL':
        phone.reply(message, '200 OK', this.#localTag);
        if (this.state === 'new' && this.#invite) {
          phone.reply(this.#invite, '487 Request Terminated', this.#localTag);
          this.#end();
        }
        return;
      case 'BYE':
        phone.reply(message, '200 OK', '');
        return this.#end();
      default:
        return phone.reply(message, '200 OK', this.#localTag);
    }
  }

  /** The phone system is gone: nobody is told. */
  forget(): void {
    this.#end();
  }

  #end(): void {
    this.state = 'ended';
    this.#phone.calls.delete(this.callId);
  }

  #parts(extra: Partial<RequestParts>): RequestParts {
    return {
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq: this.#cseq,
      branch: this.#branch,
      ...extra,
    };
  }

  /** The ACK of a failed INVITE belongs to its transaction: same branch, and the To of the response. */
  #acknowledgeFailure(parts: RequestParts, answer: SipMessage): void {
    const { from, callId, cseq, branch } = parts;
    const to = header(answer, 'to');
    this.#phone.sendRequest('ACK', this.#uri, { from, to, callId, cseq, branch });
  }

  /** A request within the call. */
  async #ask(method: string, extra: Partial<RequestParts>): Promise<SipMessage> {
    const send = async (more: Partial<RequestParts>) => {
      this.#cseq += 1;
      const parts = { ...this.#parts(more), branch: newBranch() };
      const answer = await this.#phone.request(method, this.#target, parts);
      if (method === 'INVITE' && answer.status < 300) this.acknowledge(parts.cseq);
      return answer;
    };
    const answer = await send(extra);
    if (answer.status !== 401 && answer.status !== 407) return answer;
    const authorization = this.#phone.authorize(answer, method, this.#target);
    return send({ ...extra, headers: [...(extra.headers ?? []), authorization] });
  }
}
