import type { HttpResponse } from '../../platform/http-client.ts';

/** What ServiceNow says when it fails: `{"error":{"message","detail"},"status":"failure"}`. */
export interface Envelope {
  message: string;
  detail: string;
}

export function isJson(response: HttpResponse): boolean {
  return /^application\/([a-z.+-]*\+)?json\b/i.test(
    (response.headers['content-type'] ?? '').trim(),
  );
}

export function holdsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The body as a JSON object; null when it is none. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The failure a body tells; null when it tells none. */
export function errorEnvelope(body: Record<string, unknown>): Envelope | null {
  const error = body['error'];
  const failed = body['status'] === 'failure';
  if (error === undefined || error === null || error === '')
    return failed ? { message: '', detail: '' } : null;
  if (typeof error === 'string') return { message: error, detail: '' };
  if (typeof error !== 'object') return { message: '', detail: '' };
  const { message, detail } = error as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : '',
    detail: typeof detail === 'string' ? detail : '',
  };
}

/** X-Total-Count; null when absent or no number. */
export function totalCount(response: HttpResponse): number | null {
  const raw = (response.headers['x-total-count'] ?? '').trim();
  return /^\d{1,15}$/.test(raw) ? Number(raw) : null;
}

/** ServiceNow counts requests by the hour: whoever asks for more has another clock, or is a gateway with a fault. */
const longestWait = 3600;

/** Seconds from Retry-After (number or date), else from X-RateLimit-Reset (Unix time), an hour at most; null when neither says. */
export function retryAfter(headers: Record<string, string>, now: number): number | null {
  const raw = (headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(raw)) return Math.min(longestWait, Number(raw));
  const date = raw === '' ? Number.NaN : Date.parse(raw);
  const reset = (headers['x-ratelimit-reset'] ?? '').trim();
  const at = Number.isNaN(date)
    ? /^\d{9,11}$/.test(reset)
      ? Number(reset) * 1000
      : Number.NaN
    : date;
  return Number.isNaN(at) ? null : Math.min(longestWait, Math.max(0, Math.ceil((at - now) / 1000)));
}
