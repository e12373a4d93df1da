import { addressOf } from './api-operations.ts';
import { unnoted } from '../setup/note-exchanges.ts';
import type { ApiOperation, ApiRequest } from './api-operations.ts';

export interface Answer {
  status: number;
  type: string;
  text: string;
}

let asked = 0;

/** Sends a request from an address of its own. Of a live stream it reads the first piece. */
export async function ask(
  url: string,
  operation: ApiOperation,
  { parameters, body, headers = {} }: ApiRequest & { headers?: Record<string, string> },
  cookie: string,
): Promise<Answer> {
  asked += 1;
  const from = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
  const stop = new AbortController();
  const answer = await fetch(url + addressOf(operation, parameters), {
    method: operation.method,
    redirect: 'manual',
    signal: stop.signal,
    headers: {
      cookie,
      'x-forwarded-for': from,
      [unnoted]: 'true',
      ...headers,
      ...(body === undefined ? {} : { 'content-type': operation.body?.type ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const type = answer.headers.get('content-type')?.split(';', 1)[0] ?? '';
  if (type !== 'text/event-stream')
    return { status: answer.status, type, text: await answer.text() };
  const reader = answer.body!.getReader();
  let text = '';
  while (!text.includes('data:')) {
    const { done, value } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  stop.abort();
  return { status: answer.status, type, text };
}

/** Runs `work` for each item, a few at once. */
export async function each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
