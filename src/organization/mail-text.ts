import type { Mail } from '../platform/mailer.ts';

export type MailKind = 'invitation' | 'password';

/** What a mail to a person is about. */
export interface MailFacts {
  kind: MailKind;
  name: string;
  email: string;
  organization: string;
  /** The link that lets whoever opens it choose the password. */
  url: string;
  /** Until when the link is good, and whose clock that is (IANA name). */
  until: Date;
  timeZone: string;
}

/** The mail as it is sent: plain text, and the same as simple HTML. */
export function writeMail(facts: MailFacts): Mail {
  const { kind, name, email, organization, url } = facts;
  const until = wordsOf(facts.until, facts.timeZone);
  const { subject, lead, button, end } =
    kind === 'invitation'
      ? {
          subject: `${organization} invites you to Ringside`,
          lead: `${organization} uses Ringside to see who is calling. Choose a password to come in:`,
          button: 'Accept the invitation',
          end: `You sign in with ${email}. The link is for you alone, works once and is good until ${until}. If you do not know what this is about, you can ignore it.`,
        }
      : {
          subject: 'Your new Ringside password',
          lead: 'Somebody, hopefully you, asked for a new password. Choose it here:',
          button: 'Choose a new password',
          end: `The link is for you alone, works once and is good until ${until}. If it was not you, ignore this mail: your password stays as it is.`,
        };
  const greeting = `Hello ${name},`;
  return {
    to: { name, address: email },
    subject,
    text: [greeting, lead, url, end].join('\n\n') + '\n',
    html: page(subject, [
      `<p>${escape(greeting)}</p>`,
      `<p>${escape(lead)}</p>`,
      `<p><a href="${escape(url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#0b6b70;color:#ffffff;text-decoration:none">${button}</a></p>`,
      `<p style="word-break:break-all;color:#5a5a55;font-size:13px">${escape(url)}</p>`,
      `<p style="color:#5a5a55;font-size:13px">${escape(end)}</p>`,
    ]),
  };
}

/** '6 Dec 2026, 03:20 (Europe/Berlin)' */
function wordsOf(time: Date, timeZone: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return `${new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(time)} (${timeZone})`;
}

function page(title: string, parts: string[]): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#1d1d1b;max-width:34em;margin:24px auto;padding:0 16px">
${parts.join('\n')}
</body></html>`;
}

/** Names are typed by people and stand in HTML here. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
