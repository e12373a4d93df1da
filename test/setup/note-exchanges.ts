import { noteExchange } from '../../src/platform/exchange.testing.ts';

/**
 * Notes the secrets of whatever tests say to a hub over HTTP and are told, so that they are searched for in all logs (logs.ts). `fetch`
 * with this header is left alone: what it sends is made up at random.
 */
export const unnoted = 'x-test-unnoted';

declare global {
  /** For the browser's own requests; see test/support/browser.ts. */
  var noteExchange:
    | typeof import('../../src/platform/exchange.testing.ts').noteExchange
    | undefined;
}

// Files of one worker share what is global.
if (globalThis.noteExchange === undefined) {
  globalThis.noteExchange = noteExchange;
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const answer = await plain(input, init);
    const sent = new Headers(init?.headers);
    const address = input instanceof Request ? input.url : String(input);
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    noteExchange({
      address: `${init?.method ?? 'GET'} ${address.replace(/^\w+:\/\/[^/]*/, '')}`,
      texts: [
        !sent.has(unnoted) && typeof init?.body === 'string' ? init.body : null,
        isJson ? await answer.clone().text() : null,
      ],
      headers: [sent.get('cookie'), sent.get('authorization'), ...answer.headers.getSetCookie()],
    });
    return answer;
  };
}
