import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, notBelieved } from '../hook-body.ts';
import type { HookRequest } from '../port.ts';

/**
 * Checks `X-Twilio-Signature`: base64 of HMAC-SHA1, keyed with the account's auth token, over the address that Twilio posted to and
 * each form field sorted by name, name and value one after the other (a list: its different values, sorted). A JSON body counts by
 * its SHA-256 in the address. Source: twilio 6.2. Throws `unauthenticated`.
 *
 * The token must be the secret of `request`. Proxies hide scheme and port of the address, so each way to write it is tried.
 */
export function verifyTwilio(request: HookRequest): void {
  const { secret, rawBody } = request;
  const header = headerOf(request, 'x-twilio-signature');
  if (secret === null)
    throw notBelieved(
      'The auth token of the Twilio account is not stored, so no event can be verified.',
      'Store it under Phone Systems; Twilio shows it on the first page of its console.',
    );
  if (header === undefined)
    throw notBelieved(
      'Twilio signs its events, and this one is not signed.',
      'If it came from Twilio, see that no proxy drops the header X-Twilio-Signature.',
    );
  const told = Buffer.from(header.slice(0, 1024), 'utf8');
  const bodyHash = new URL(request.url).searchParams.get('bodySHA256');
  const fields = bodyHash === null ? signedFields(rawBody) : '';
  const bodyFits =
    bodyHash === null || same(Buffer.from(bodyHash, 'utf8'), Buffer.from(sha256(rawBody), 'utf8'));
  const fits = waysToWrite(request.url).map((url) =>
    same(told, Buffer.from(sign(secret, url + fields), 'utf8')),
  );
  if (bodyFits && fits.includes(true)) return;
  throw notBelieved(
    'The signature of this event does not fit.',
    "Check the auth token, and that the address in Twilio is the one shown here, character for character. Behind a proxy set RINGSIDE_PUBLIC_URL to the hub's public address.",
  );
}

function signedFields(rawBody: Buffer): string {
  const form = new URLSearchParams(rawBody.toString('utf8'));
  return [...new Set(form.keys())]
    .toSorted(byCodeUnit)
    .map((name) =>
      [...new Set(form.getAll(name))]
        .toSorted(byCodeUnit)
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

/** http and https, with and without the usual port. */
function waysToWrite(url: string): string[] {
  const [, host = '', port = '', rest = ''] =
    /^https?:\/\/(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/i.exec(url) ?? [];
  return [
    `https://${host}${port}${rest}`,
    `http://${host}${port}${rest}`,
    `https://${host}${rest}`,
    `http://${host}${rest}`,
    `https://${host}:443${rest}`,
    `http://${host}:80${rest}`,
  ];
}

function sign(secret: string, signed: string): string {
  return createHmac('sha1', secret).update(signed, 'utf8').digest('base64');
}

function same(told: Buffer, right: Buffer): boolean {
  return told.length === right.length && timingSafeEqual(told, right);
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
