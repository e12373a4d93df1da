import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startEslServer } from '../telephony/freeswitch/esl-server.testing.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import { createLedger } from './ledger.ts';
import { present } from './replay-command.ts';

/* The recordings of a FreeSWITCH, played back over a real connection into the link of the hub. */

const folder = join(import.meta.dirname, '../../test/captures/freeswitch-1.11.3-dev');
const files = readdirSync(folder).filter((name) => name.endsWith('.esl-plain.txt'));
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { rang: string[]; rangAnyOrder?: boolean }[]
>;

test('there are recordings', () => {
  expect(files.length).toBeGreaterThanOrEqual(13);
});

test.each(files)('%s', async (file) => {
  const server = await startEslServer();
  const ledger = createLedger();
  let told = 0;
  let up = false;
  const settings = {
    host: '127.0.0.1',
    port: String(server.port),
    trunks: '127.0.0.10',
    context: 'internal',
  };
  const link = phoneSystemKind('freeswitch')?.link?.open(
    settings,
    { password: 'ClueCon' },
    {
      async events(events, count) {
        for (const event of events) ledger.receive(event);
        told += count;
      },
      up: async () => void (up = true),
      down: async (reason) => {
        throw reason;
      },
    },
  );
  try {
    await vi.waitFor(() => expect(up).toBe(true), { timeout: 60_000 });
    const bytes = readFileSync(join(folder, file));
    for (let at = 0; at < bytes.length; at += 977) server.send(bytes.subarray(at, at + 977));
    const events = bytes.toString('latin1').split('Content-Type: text/event-plain').length - 1;
    await vi.waitFor(() => expect(told).toBe(events), { timeout: 60_000 });
    const calls = ledger.calls().map(present);
    expect(calls).toHaveLength(expected[file]?.length ?? -1);
    for (const [place, call] of (expected[file] ?? []).entries()) {
      const { rangAnyOrder, ...fields } = call;
      const rang = rangAnyOrder ? expect.arrayContaining(call.rang) : call.rang;
      expect(calls[place]).toMatchObject({ ...fields, rang });
    }
  } finally {
    await link?.close();
    await server.close();
  }
});
