import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeskState, Pop } from '../../src/desk/contract.ts';
import type { Node } from './cluster.ts';

/** An agent's browser: reads the live stream of any node, and comes back by another when that one ends. */
export class AgentBrowser {
  readonly extension: string;
  readonly #cookie: string;
  readonly #nodes: readonly Node[];
  readonly #seen = new Map<string, string>();
  /** How often it came back. */
  reconnects = 0;
  #request: http.ClientRequest | null = null;
  #closed = false;

  constructor(extension: string, cookie: string, nodes: readonly Node[]) {
    this.extension = extension;
    this.#cookie = cookie;
    this.#nodes = nodes;
    void this.#stay();
  }

  /** The id of the call from that number (E.164), once this screen has shown it. */
  callFrom(number: string): string | undefined {
    return this.#seen.get(number);
  }

  /** Sends to any node that takes it; until one does. Throws when it is refused. */
  async post(path: string, body: object): Promise<void> {
    await sendToAny(this.#nodes, path, body, { cookie: this.#cookie });
  }

  close(): void {
    this.#closed = true;
    this.#request?.destroy();
  }

  async #stay(): Promise<void> {
    for (let turn = 0; !this.#closed; turn += 1) {
      if (turn > 0) {
        this.reconnects += 1;
        await sleep(100 + Math.random() * 400);
      }
      await this.#read(anyOf(this.#nodes)).catch(() => undefined);
    }
  }

  async #read({ url }: Node): Promise<void> {
    const headers = { cookie: this.#cookie };
    const request = http.get(new URL('/api/v1/desk/stream', url), { headers, timeout: 40_000 });
    this.#request = request.on('timeout', () => request.destroy());
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    if (response.statusCode !== 200) return void response.resume();
    let event = '';
    for await (const line of createInterface({ input: response })) {
      if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: ')) this.#show(event, line.slice(6));
    }
  }

  #show(event: string, data: string): void {
    if (event !== 'pop' && event !== 'state') return;
    const told = JSON.parse(data) as Pop & DeskState;
    for (const { caller, callId } of event === 'pop' ? [told as Pop] : told.pops)
      if (caller.e164 !== null) this.#seen.set(caller.e164, callId);
  }
}

/** Posts to one node after the other until one takes it, as a phone system or a browser behind a proxy does. Throws what a refusal says. */
export async function sendToAny(
  nodes: readonly Node[],
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  for (;;) {
    const { url } = anyOf(nodes);
    const answer = await fetch(new URL(path, url), {
      ...options,
      signal: AbortSignal.timeout(30_000),
    }).catch(() => null);
    if (answer?.ok) return;
    const text = await answer?.text().catch(() => '');
    if (answer && answer.status < 500 && answer.status !== 429)
      throw new Error(`${path} was refused with ${answer.status}: ${text}`);
    await sleep(100 + Math.random() * 200);
  }
}

function anyOf(nodes: readonly Node[]): Node {
  return nodes[Math.floor(Math.random() * nodes.length)]!;
}
