import type { HttpResponse } from '../../platform/http-client.ts';
import { cleanText } from '../../platform/text.ts';
import { readAnswer } from './answer.ts';
import { isJson, parseObject } from './envelope.ts';
import { failure, unauthorized } from './failure.ts';

/** Without one the token lives as long as ServiceNow's default. */
const usualSeconds = 1799;

/**
 * Reads the answer of `/oauth_token.do`: `{"access_token","expires_in",…}`, or 400/401 with `error` and
 * `error_description`. Throws CrmError.
 */
export function readToken(
  response: HttpResponse,
  who: string,
  redact: (text: string) => string,
): { value: string; seconds: number } {
  const { status } = response;
  const body = isJson(response) ? parseObject(response.text) : null;
  const value = body?.['access_token'];
  if (status === 200 && typeof value === 'string' && /^[\x21-\x7e]{1,8192}$/.test(value)) {
    const seconds = Number(body?.['expires_in'] ?? usualSeconds);
    return { value, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : usualSeconds };
  }
  if (status === 400 || status === 401) {
    const said = [body?.['error'], body?.['error_description']].filter(
      (part) => typeof part === 'string',
    );
    const quote = cleanText(redact(said.join(': ')), 200);
    throw unauthorized(who, 'oauth', quote === '' ? '' : ` It says: '${quote}'.`);
  }
  const subject = 'the access token';
  const asked = { username: who, method: 'oauth', subject, now: Date.now(), redact } as const;
  readAnswer(response, asked);
  throw failure('malformed', 'The token endpoint answered without an access token.');
}
