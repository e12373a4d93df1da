import { noteSecret } from './log.testing.ts';

/** What a test and a hub said to each other. */
export interface Exchange {
  /** Method and address: a link may be a secret itself. */
  address: string;
  /** JSON of either side, or a form. */
  texts: readonly (string | null | undefined)[];
  /** Values of `authorization`, `cookie` and `set-cookie`. */
  headers?: readonly (string | null | undefined)[];
}

const named =
  /"(\w*(?:password|passphrase|secret|token|apikey|accesskey|privatekey))":"((?:[^"\\]|\\.){8,300})"/gi;
const codes = /"\w*codes":\[([^\]]*)\]/gi;
const inLinks = /\/(?:hooks\/[\w-]+|invite|invitations|forgotten|new-password)\/([\w-]{16,})/g;
/** Tests also try links with the ids of records, which every log holds. */
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const keys = /\brs_[\w-]{16,}/g;
const ofCookies = /^(?:path|domain|expires|max-age|samesite)$/i;
const ofAuthenticators = /secret=([A-Z2-7]{16,})/g;

/** Notes every secret of an exchange: passwords, tokens, keys, recovery codes, sessions, links that let somebody in. */
export function noteExchange({ address, texts, headers = [] }: Exchange): void {
  const where = address.replaceAll(inLinks, (link, token: string) => link.replace(token, '…'));
  const note = (what: string, secret: string | undefined) => {
    if (secret !== undefined) noteSecret(`${what} in ${where}`, secret);
  };
  for (const text of [address, ...texts]) {
    if (typeof text !== 'string') continue;
    for (const [, name, value] of text.matchAll(named))
      note(name!, JSON.parse(`"${value!}"`) as string);
    for (const [, list] of text.matchAll(codes))
      for (const [, code] of list!.matchAll(/"([\w-]{8,40})"/g)) note('recovery code', code);
    for (const [, token] of text.matchAll(inLinks))
      if (!id.test(token!)) note('token of a link', token);
    for (const [key] of text.matchAll(keys)) note('API key', key);
    for (const [, secret] of text.matchAll(ofAuthenticators)) note('key of two factors', secret);
  }
  for (const header of headers) {
    if (typeof header !== 'string') continue;
    for (const [, name, value] of header.matchAll(/([\w.-]+)=([^;,\s]{16,})/g)) {
      if (ofCookies.test(name!)) continue;
      for (const part of decodeURIComponent(value!).split('.')) note(`cookie ${name!}`, part);
    }
    const [, scheme, credential] = /^(basic|bearer) (\S+)$/i.exec(header) ?? [];
    note(`${scheme ?? ''} credential`, credential);
    if (/^basic$/i.test(scheme ?? '')) {
      const [, password] = /^[^:]*:(.*)$/s.exec(atob(credential!)) ?? [];
      note('password', password);
    }
  }
}
