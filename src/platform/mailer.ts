import type { Transporter } from 'nodemailer';
import { cleanText } from './text.ts';

/** How mail leaves the hub. */
export interface MailSettings {
  /** smtp://user:password@host:587 or smtps://… */
  smtpUrl: string;
  /** Such as `Ringside <ringside@example.com>`. */
  from: string;
}

export interface Mail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
}

export interface Mailer {
  /** Throws MailFailure. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** The server did not take the mail. `message` is a sentence for administrators, without link or password. */
export class MailFailure extends Error {
  /** Trying again changes nothing: the address is refused. */
  readonly final: boolean;

  constructor(message: string, final: boolean) {
    super(message);
    this.name = 'MailFailure';
    this.final = final;
  }
}

/**
 * A mailer that speaks SMTP. A password goes only over TLS: without smtps:// the server must offer STARTTLS, except on this very
 * machine. Which server is called is the operator's word, so outbound.ts does not look at it.
 */
export function createMailer({ smtpUrl, from }: MailSettings): Mailer {
  let transport: Promise<Transporter> | undefined;
  return {
    async send({ to, subject, text, html }) {
      // With the first mail: no start of the hub waits for it.
      transport ??= openTransport(smtpUrl);
      try {
        await (
          await transport
        ).sendMail({
          ...{ from, to, subject, text, html },
          // Nobody is told by an absence note, and no program answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw toMailFailure(error);
      }
    },
    close: () => void transport?.then((open) => open.close()),
  };
}

async function openTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const url = new URL(smtpUrl);
  const here = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return createTransport({
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    secure: url.protocol === 'smtps:',
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587),
    requireTLS: url.username !== '' && !here,
    ...(url.username === ''
      ? {}
      : {
          auth: {
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          },
        }),
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    // Nothing of a mail may name a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** What nodemailer throws: codes and, when the server answered, its words (RFC 5321, 4.2). */
export function toMailFailure(error: unknown): MailFailure {
  const { code, responseCode, response } = error as {
    code?: string;
    responseCode?: number;
    response?: string;
  };
  const said = cleanText(response ?? '', 200);
  if (code === 'EAUTH') {
    return new MailFailure(
      `The mail server does not accept the hub's user and password${said === '' ? '' : `: ${said}`}.`,
      false,
    );
  }
  if (responseCode !== undefined) {
    // 5xx of the recipient is for ever; 5xx of the server itself (no relaying, too much) may be mended.
    const final = code === 'EENVELOPE' && responseCode >= 550 && responseCode <= 553;
    return new MailFailure(`The mail server refused it: ${said}.`, final);
  }
  const why = networkSentences[code ?? ''] ?? 'The connection to the mail server broke';
  return new MailFailure(`${why} (${code ?? 'no code'}).`, false);
}

const networkSentences: Record<string, string> = {
  EDNS: 'The name of the mail server is not known',
  ENOTFOUND: 'The name of the mail server is not known',
  ECONNECTION: 'The mail server did not accept a connection',
  ECONNREFUSED: 'The mail server did not accept a connection',
  ESOCKET: 'The mail server did not accept a connection',
  ETIMEDOUT: 'The mail server did not answer in time',
  ETLS: 'No trusted TLS connection to the mail server came about',
};
