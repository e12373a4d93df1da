import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID Connect provider (npm `oidc-provider`) on the loopback, and a browser that signs in there. */
export interface TestProvider {
  issuer: string;
  clients: Record<'ringside' | 'other', { clientId: string; clientSecret: string }>;
  /** What it tells of whoever signs in as this. */
  people: Map<string, Record<string, unknown>>;
  /** Changes what its token endpoint answers; null leaves it. */
  tamper: ((tokens: Record<string, string>) => Record<string, string>) | null;
  /** Answers 503 to everything. */
  down: boolean;
  /** Signs in there, as a browser does, and answers where it was sent back to. */
  signIn(url: string, login: string): Promise<string>;
  close(): Promise<void>;
}

export async function testProvider(callbackUrl: string): Promise<TestProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = {
    ringside: { clientId: 'ringside', clientSecret: 'a secret of the provider: it has % and +' },
    other: { clientId: 'other', clientSecret: 'another secret of the provider' },
  };
  const people: TestProvider['people'] = new Map();
  const provider = new Provider(issuer, {
    clients: Object.values(clients).map(({ clientId, clientSecret }) => ({
      ...{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callbackUrl] },
      ...{ response_types: ['code'], grant_types: ['authorization_code'] },
    })),
    cookies: { keys: ['a key for the test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people.get(id) }),
    }),
  });
  const serve = provider.callback();
  const test: TestProvider = {
    ...{ issuer, clients, people, tamper: null, down: false },
    signIn: (url, login) => browse(url, login, callbackUrl),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  answer = (request, response) => {
    if (test.down) return void response.writeHead(503).end('Out of order');
    if (request.url === '/token' && test.tamper !== null) tamperWith(response, test.tamper);
    void serve(request, response);
  };
  return test;
}

function tamperWith(response: ServerResponse, change: NonNullable<TestProvider['tamper']>): void {
  const end = response.end.bind(response) as (text: string) => ServerResponse;
  response.end = ((body: Buffer | string) => {
    const told = JSON.parse(String(body)) as Record<string, string>;
    const text = JSON.stringify('id_token' in told ? change(told) : told);
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  }) as ServerResponse['end'];
}

async function browse(start: string, login: string, callbackUrl: string): Promise<string> {
  const jar = new Map<string, string>();
  let [url, form] = [start, null as URLSearchParams | null];
  for (let step = 0; step < 12; step += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === null ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get('location');
    const page = location === null ? await answer.text() : '';
    if (location !== null) {
      [url, form] = [new URL(location, url).href, null];
      if (url.startsWith(callbackUrl)) return url;
      continue;
    }
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (action === undefined || prompt === undefined)
      throw new Error(`the provider answered ${answer.status}: ${page.slice(0, 400)}`);
    if (login === '') [url, form] = [`${action}/abort`, null];
    else [url, form] = [action, new URLSearchParams({ prompt, login, password: 'x' })];
  }
  throw new Error('the provider sends in circles');
}
