import type { HttpResponse } from '../../platform/http-client.ts';
import { cleanText } from '../../platform/text.ts';
import type { CrmError } from '../crm-error.ts';
import {
  errorEnvelope,
  holdsJson,
  isJson,
  parseObject,
  retryAfter,
  totalCount,
} from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { SignInMethod } from './credential.ts';
import { failure, unauthorized } from './failure.ts';
import { writeRefusal } from './write-refusal.ts';

/** A successful answer of the REST API. */
export interface Answer {
  result: unknown;
  /** X-Total-Count: rows that match before access rules; null when absent or no number. */
  total: number | null;
}

/** Who asked for what, for the sentences; `redact` takes secrets out of whatever the instance sends back. */
export interface Asked {
  username: string;
  /** How; Basic when left out. */
  method?: SignInMethod;
  /** A record was to be written. */
  writes?: boolean;
  /** What the request was for, e.g. `customer_contact`. */
  subject: string;
  /** When the answer came, milliseconds since 1970; for Retry-After given as a date. */
  now: number;
  redact(text: string): string;
}

/**
 * Reads an answer. Success is 2xx and JSON content type and JSON that parses and `result` and neither `error` nor a
 * failure status: ServiceNow also says 200 when it hibernates (HTML) or when a transaction was killed half-way (`result`
 * and `error`, or cut JSON), and 202 when it dropped the request. Throws CrmError.
 */
export function readAnswer(response: HttpResponse, asked: Asked): Answer {
  const early = failureBeforeBody(response, asked);
  if (early) throw early;
  const { status, text } = response;
  if (!isJson(response)) throw notJson(response, asked);
  const body = parseObject(text);
  if (body === null) throw brokenJson(response, asked);

  const envelope = errorEnvelope(body);
  if (envelope) {
    if (asked.writes) {
      const refusal = writeRefusal(status, envelope, asked);
      if (refusal !== null) throw refusal;
    }
    // API version 1 says 404 for an empty list.
    if (status === 404 && !asked.writes && /^no record found/i.test(envelope.message))
      return { result: [], total: 0 };
    throw fromEnvelope(status, envelope, asked);
  }
  if (status === 403) throw noAccess(asked, '');
  if (status < 200 || status > 299) throw strangeStatus(status);
  if (!('result' in body)) throw failure('malformed', "The answer holds no 'result'.");
  return { result: body['result'], total: totalCount(response) };
}

/**
 * Reads the answer to a request without a credential: fine is whatever only a ServiceNow instance says, or anything that
 * asks for a sign-in. Throws CrmError for the rest.
 */
export function recognise(response: HttpResponse, asked: Asked): void {
  const { status } = response;
  const down = status === 502 || status === 503 || status === 504;
  if (status === 401 || (!down && isServiceNow(response))) return;
  if (status === 403) throw failure('not-servicenow', strangerSentence, { fix: strangerFix });
  if (status >= 200 && status < 300 && isJson(response) && holdsJson(response.text)) {
    throw failure('not-servicenow', 'The address answers with data, but not as ServiceNow does.');
  }
  readAnswer(response, asked);
}

const strangerSentence =
  'Something that is not the REST API refuses the request (HTTP 403): a firewall, a proxy, or the IP Address Access Control of the instance.';
const strangerFix =
  "Check the Endpoint. If it is right, let the address of Ringside's machine through: in ServiceNow under System Security > IP Address Access Control, and in any firewall in between.";

function isServiceNow(response: HttpResponse): boolean {
  if (!isJson(response)) return false;
  const body = parseObject(response.text);
  return body !== null && (Array.isArray(body['result']) || errorEnvelope(body) !== null);
}

function failureBeforeBody(response: HttpResponse, asked: Asked): CrmError | null {
  const { status, headers, text } = response;
  if (status === 202) {
    return failure(
      'dropped',
      'ServiceNow took the request but did not work on it (HTTP 202): too many wait in its queue.',
    );
  }
  if (status === 401) {
    return headers['x-mfa_token'] === undefined
      ? unauthorized(asked.username, asked.method)
      : failure(
          'mfa-required',
          'User name and password are right, but ServiceNow wants a one-time code as well (MFA).',
        );
  }
  if (status === 429) return rateLimited(response, asked);
  if (status >= 300 && status < 400) return redirected(headers['location'] ?? '', asked);
  if (!isJson(response) && /hibernat|wake your instance/i.test(text)) {
    return failure('hibernating', 'This developer instance is hibernating.');
  }
  if (status === 502 || status === 503 || status === 504) {
    return failure(
      'maintenance',
      `The instance is not available at the moment (HTTP ${status}): maintenance, an upgrade or an overload.`,
      // A gateway that lost patience does not stop the instance behind it.
      { retryAfter: retryAfter(headers, asked.now), unanswered: status === 504 },
    );
  }
  if (status === 408 || status === 425)
    return failure('timeout', `The instance gave up waiting (HTTP ${status}).`);
  return null;
}

function rateLimited(response: HttpResponse, asked: Asked): CrmError {
  const wait = retryAfter(response.headers, asked.now);
  const said = errorEnvelope(parseObject(response.text) ?? {});
  const limit = quoted(said?.detail ?? '', asked);
  const again = wait === null ? '' : ` It asks to wait ${wait} s.`;
  return failure(
    'rate-limited',
    `ServiceNow refuses more requests for now (HTTP 429).${limit}${again}`,
    { retryAfter: wait },
  );
}

function redirected(location: string, asked: Asked): CrmError {
  const target = URL.parse(location)?.origin ?? '';
  const where =
    target === '' || target === 'null' ? '' : ` to ${asked.redact(cleanText(target, 200))}`;
  return failure(
    'not-servicenow',
    `The address answers with a redirect${where} instead of data; Ringside did not follow it, so the password went nowhere else.`,
  );
}

function cancelled(asked: Asked): CrmError {
  return failure(
    'transaction-cancelled',
    `ServiceNow cancelled the request for ${asked.subject}: it ran longer than the instance allows.`,
  );
}

function notJson(response: HttpResponse, asked: Asked): CrmError {
  const { status, text, headers } = response;
  if (status === 403) return noAccess(asked, '');
  if (status >= 500) return strangeStatus(status);
  if (text.trim() === '') return failure('malformed', `The answer is empty (HTTP ${status}).`);
  const type = cleanText(headers['content-type'] ?? 'nothing said', 60);
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1] ?? '';
  return failure(
    'not-servicenow',
    `The address answers with ${/html/i.test(type) || /^\s*</.test(text) ? 'a web page' : `something else (${asked.redact(type)})`} instead of data (HTTP ${status}).${quoted(title, asked, 'Its title')}`,
  );
}

/** A transaction killed while its rows streamed leaves 200 and JSON that breaks off before an `error` of its own. */
function brokenJson(response: HttpResponse, asked: Asked): CrmError {
  if (/"error"\s*:\s*\{[^{}]*transaction cancel/i.test(response.text)) return cancelled(asked);
  if (response.status >= 500) return strangeStatus(response.status);
  if (holdsJson(response.text)) {
    return failure(
      'malformed',
      `The answer is JSON, but no answer of ServiceNow's API (HTTP ${response.status}).`,
    );
  }
  const what =
    response.text.trim() === ''
      ? 'The answer is empty'
      : 'The answer is broken: it is not complete JSON';
  return failure(
    'malformed',
    `${what} (HTTP ${response.status}, ${response.text.length} characters).`,
    { retryable: true },
  );
}

function strangeStatus(status: number): CrmError {
  return status >= 500
    ? failure('malformed', `The instance reports an internal fault (HTTP ${status}).`, {
        retryable: true,
      })
    : failure(
        'not-servicenow',
        `The address answers, but not as ServiceNow does (HTTP ${status}).`,
      );
}

function noAccess(asked: Asked, said: string): CrmError {
  return failure('no-access', `The user may not read ${asked.subject} (HTTP 403).${said}`, {
    fix: 'Give the ServiceNow user a role that may read this table: User Administration > Users > the user > Roles > Edit.',
  });
}

function fromEnvelope(status: number, envelope: Envelope, asked: Asked): CrmError {
  const all = `${envelope.message} ${envelope.detail}`;
  const said = quoted(envelope.detail || envelope.message, asked);
  if (/transaction cancel/i.test(all)) return cancelled(asked);
  if (/not authenticated|required to provide auth/i.test(all))
    return unauthorized(asked.username, asked.method);
  if (/invalid table|table \S+ does not exist/i.test(all)) {
    return failure('csm-inactive', `The instance has no table ${asked.subject}.`);
  }
  if (/does not represent any resource/i.test(all)) {
    return failure(
      'csm-inactive',
      `The instance has no such API: what belongs to ${asked.subject} is not installed.${said}`,
    );
  }
  if (/api level acl/i.test(all)) {
    return failure('no-access', `The user may not call the REST API (HTTP ${status}).${said}`, {
      fix: 'In this instance REST access rules are active: give the ServiceNow user the role snc_platform_rest_api_access, and csm_ws_integration for the Case API.',
    });
  }
  if (status === 403 || /insufficient rights|not authorized|acl |table security/i.test(all)) {
    return noAccess(asked, said);
  }
  if (status >= 500 || (status >= 200 && status < 300)) {
    return failure('malformed', `The instance reports an internal fault (HTTP ${status}).${said}`, {
      retryable: true,
    });
  }
  return failure(
    'malformed',
    `The instance did not accept the request for ${asked.subject} (HTTP ${status}).${said}`,
  );
}

/** What the instance said, as harmless text of one sentence; '' when it said nothing. */
function quoted(text: string, asked: Asked, who = 'It says'): string {
  const clean = cleanText(asked.redact(text), 300);
  return clean === '' ? '' : ` ${who}: '${clean}'.`;
}
