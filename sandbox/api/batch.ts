import { STATUS_CODES } from 'node:http';
import { makeRequest, readObject, type SignedInRequest } from '../http/instance-request.ts';
import { errorReply, jsonReply, type Reply } from '../http/reply.ts';

interface BatchItem {
  id?: unknown;
  method?: unknown;
  url?: unknown;
  headers?: unknown;
  body?: unknown;
  exclude_response_headers?: unknown;
}

const bytesIn = 5 * 1024 * 1024;
const bytesOut = 10 * 1024 * 1024;
const millisecondsInAll = 30_000;

/**
 * `POST /api/now/v1/batch`, §2.2: requests one after the other, as the same user. What is too large, or comes after 30 seconds, is named in
 * `unserviced_requests`. `answer` answers one inner request.
 */
export function batchApi(
  request: SignedInRequest,
  answer: (inner: SignedInRequest) => Reply,
): Reply {
  const body = readObject(request);
  const items = body['rest_requests'];
  if (!Array.isArray(items))
    return errorReply(400, 'Exception while reading request', 'rest_requests is missing');
  const began = performance.now();
  const serviced: unknown[] = [];
  const unserviced: string[] = [];
  let sent = 0;
  for (const item of items as BatchItem[]) {
    const id = asText(item.id);
    const inner = Buffer.from(asText(item.body), 'base64');
    const started = performance.now();
    if (inner.length > bytesIn || started - began > millisecondsInAll || sent > bytesOut) {
      unserviced.push(id);
      continue;
    }
    const reply = answer(innerRequest(request, item, inner));
    const text = textOf(reply);
    sent += text.length;
    if (sent > bytesOut) {
      unserviced.push(id);
      continue;
    }
    serviced.push({
      id,
      body: text.toString('base64'),
      status_code: reply.status,
      status_text: STATUS_CODES[reply.status] ?? '',
      ...(item.exclude_response_headers === true ? {} : { headers: headerList(reply) }),
      execution_time: Math.round(performance.now() - started),
    });
  }
  return jsonReply(200, {
    batch_request_id: asText(body['batch_request_id']),
    serviced_requests: serviced,
    unserviced_requests: unserviced,
  });
}

function innerRequest(outer: SignedInRequest, item: BatchItem, body: Buffer): SignedInRequest {
  const headers: Record<string, string> = {};
  for (const header of Array.isArray(item.headers)
    ? (item.headers as { name?: unknown; value?: unknown }[])
    : []) {
    headers[asText(header.name).toLowerCase()] = asText(header.value);
  }
  return {
    ...makeRequest(
      asText(item.method).toUpperCase() || 'GET',
      asText(item.url),
      headers,
      body,
      outer.transaction,
    ),
    user: outer.user,
  };
}

function headerList({ headers }: Reply): { name: string; value: string }[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => ({ name, value: each })),
  );
}

function textOf({ body }: Reply): Buffer {
  if (body === null) return Buffer.alloc(0);
  return Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : [...body].join(''));
}

/** Ids come back as texts even when they were numbers. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
