import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';
import { benchExtension, pullEverything, startAgent } from './one-agent.ts';
import { startHub, startInstance } from './processes.ts';
import { percentiles, report } from './row.ts';

/**
 * What the Desk's page weighs, and how long it takes until it can be used, in a real browser whose processor is slowed down four times:
 *
 *     node bench/page.ts [loads, 5] [times slower, 4]
 *
 * Can be used: the Desk says that it waits for calls, and no task has held the thread for more than 50 ms for half a second. The first
 * loads begin with an empty cache; the later ones with what the browser kept.
 */
const [loads = 5, slower = 4] = process.argv.slice(2).map(Number);
const quietMs = 500;

const closers: (() => unknown)[] = [];
try {
  const instance = await startInstance(100);
  closers.push(() => instance.stop());
  const hub = await startHub(instance.url);
  closers.push(() => hub.stop());
  await pullEverything(hub);
  const agent = await startAgent(hub);
  closers.push(() => agent.close());
  const browser = await openBrowser();
  closers.push(() => browser.close());
  const fresh: Load[] = [];
  const kept: Load[] = [];
  for (let turn = 0; turn < loads; turn += 1) {
    const context = await browser.newContext();
    const [name = '', value = ''] = agent.cookie.split('; ').at(0)?.split(/=(.*)/s) ?? [];
    await context.addCookies([{ name, value, url: hub.url }]);
    const page = await context.newPage();
    fresh.push(await load(page, hub.url));
    kept.push(await load(page, hub.url));
    await context.close();
  }
  const first = fresh.at(0);
  const { brotli, gzip, plain, files } = await weightOf(first?.paths ?? []);
  report({
    what: 'Desk page, everything it loads with an empty cache',
    note: `${kb(first?.bytes ?? 0)} over the network; ${files} files of ours: brotli ${kb(brotli)}, gzip ${kb(gzip)}, unpacked ${kb(plain)}`,
  });
  report({
    what: `Desk page until it can be used, processor ${slower} times slower`,
    ...percentiles(fresh.map(({ usableMs }) => usableMs)),
    note: `first paint ${Math.round(percentiles(fresh.map(({ paintMs }) => paintMs)).p50 ?? 0)} ms`,
  });
  report({
    what: `the same with what the browser kept, processor ${slower} times slower`,
    ...percentiles(kept.map(({ usableMs }) => usableMs)),
    note: `${kb(kept.at(0)?.bytes ?? 0)} over the network`,
  });
} finally {
  for (const close of closers.toReversed()) await close();
}

interface Load {
  /** From the beginning of the navigation. */
  usableMs: number;
  paintMs: number;
  /** Over the network, headers included. */
  bytes: number;
  paths: string[];
}

async function load(page: Page, url: string): Promise<Load> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  let bytes = 0;
  const paths: string[] = [];
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  session.on('Network.responseReceived', ({ response }) => {
    const { pathname, origin } = new URL(response.url);
    if (origin === new URL(url).origin) paths.push(pathname);
  });
  await page.addInitScript(() => {
    const { longEnds } = Object.assign(globalThis, { longEnds: [] as number[] });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) longEnds.push(startTime + duration);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(`${url}/desk`, { waitUntil: 'commit' });
  await page.getByText(`When extension ${benchExtension} rings`).waitFor();
  const usableMs = await page.evaluate(async (quiet) => {
    const shown = performance.now();
    const { longEnds } = globalThis as unknown as { longEnds: number[] };
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const last = Math.max(shown, ...longEnds);
      if (performance.now() - last > quiet) return last;
    }
  }, quietMs);
  const paintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  );
  await session.detach();
  return { usableMs, paintMs, bytes, paths };
}

/** What of it lies in the built web app, packed as it was sent and in the other ways. */
async function weightOf(paths: readonly string[]) {
  const weight = { brotli: 0, gzip: 0, plain: 0, files: 0 };
  for (const path of new Set(paths)) {
    const file = join(import.meta.dirname, '../web/dist', path === '/desk' ? 'index.html' : path);
    const plain = await readFile(file).catch(() => null);
    if (plain === null) continue;
    const sizeOf = (name: string) =>
      stat(name).then(
        ({ size }) => size,
        () => plain.length,
      );
    weight.plain += plain.length;
    weight.brotli += await sizeOf(`${file}.br`);
    weight.gzip += await sizeOf(`${file}.gz`);
    weight.files += 1;
  }
  return weight;
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1_000).toLocaleString('en')} kB`;
}
