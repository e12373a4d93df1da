import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';

/** What a client asks, one question after the other, in a process of its own so that it takes no time from the server's. */
export interface Order {
  /** Complete addresses, asked in turn. */
  urls: string[];
  headers: Record<string, string>;
  /** Connections, each with one question under way. */
  clients: number;
  count: number;
}

export interface Answers {
  /** Milliseconds of each question. */
  times: number[];
  perSecond: number;
}

/** So many questions at most are asked before the first that counts. */
export const warmUp = 500;

/** Runs the order in another process. Throws when an answer is not 200. */
export async function askByHttp(order: Order): Promise<Answers> {
  const child = fork(import.meta.filename, ['ask'], { stdio: 'inherit' });
  child.send(order);
  const [answers] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The client ended without an answer.');
    }),
  ])) as [Answers];
  child.kill();
  return answers;
}

async function ask({ urls, headers, clients, count }: Order): Promise<Answers> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let next = 0;
  const get = (url: string) =>
    new Promise<void>((resolve, reject) => {
      http
        .get(url, { headers, agent }, (response) => {
          response.resume();
          response.once('end', () =>
            response.statusCode === 200
              ? resolve()
              : reject(new Error(`${url} said ${response.statusCode}`)),
          );
        })
        .once('error', reject);
    });
  const work = async (until: number) => {
    while (next < until) {
      const url = urls[(next += 1) % urls.length]!;
      const begun = performance.now();
      await get(url);
      times.push(performance.now() - begun);
    }
  };
  const all = (until: number) => Promise.all(Array.from({ length: clients }, () => work(until)));
  const first = Math.min(warmUp, count);
  await all(first);
  times.length = 0;
  const begun = performance.now();
  await all(first + count);
  const perSecond = (times.length / (performance.now() - begun)) * 1_000;
  agent.destroy();
  return { times, perSecond };
}

if (process.argv[2] === 'ask')
  process.once('message', (order: Order) => {
    void ask(order).then((answers) => process.send?.(answers));
  });
