import { expect, test, vi } from 'vitest';
import { phoneSystemKind } from '../telephony/registry.ts';
import { startThreecxServer } from '../telephony/threecx/threecx-server.testing.ts';
import type {
  StandInParticipant,
  ThreecxServer,
} from '../telephony/threecx/threecx-server.testing.ts';
import { createLedger } from './ledger.ts';
import { present } from './replay-command.ts';

/* What a 3CX tells of participants, through the link of the hub, folded into calls. */

type Act = (server: ThreecxServer) => void;

const outside = {
  party_dn_type: 'Wexternalline',
  party_caller_id: '+12025550143',
  party_did: '+12025550101',
};
const part = (id: number, status: string, more: object = {}): StandInParticipant => ({
  id,
  status,
  callid: 7,
  ...outside,
  ...more,
});
const put =
  (dn: string, ...told: Parameters<typeof part>): Act =>
  (server) =>
    server.put(dn, part(...told));
const remove =
  (dn: string, id: number): Act =>
  (server) =>
    server.remove(dn, id);
const queued = { on_behalf_of_dn: '800', on_behalf_of_dn_type: 'Wqueue' };
const inbound = { direction: 'inbound', from: '+12025550143', to: '+12025550101' };

test.each<[string, Act[], object]>([
  [
    'a queue rings two, one answers',
    [
      put('800', 1, 'Connected'),
      put('101', 2, 'Ringing', queued),
      put('102', 3, 'Ringing', queued),
      put('102', 3, 'Connected', queued),
      remove('101', 2),
      remove('800', 1),
      remove('102', 3),
    ],
    { ...inbound, queue: '800', result: 'answered', answeredBy: '102', rang: ['101', '102'] },
  ],
  [
    'nobody answers',
    [put('101', 2, 'Ringing'), remove('101', 2)],
    { ...inbound, result: 'missed', answeredBy: null, rang: ['101'] },
  ],
  [
    'a call goes out',
    [put('101', 2, 'Dialing'), put('101', 2, 'Connected'), remove('101', 2)],
    {
      direction: 'outbound',
      from: '101',
      to: '+12025550143',
      result: 'answered',
      answeredBy: '101',
    },
  ],
  [
    'a colleague is called',
    [
      put('101', 2, 'Dialing', { party_dn_type: 'Wextension', party_dn: '102' }),
      put('102', 3, 'Ringing', { party_dn_type: 'Wextension', party_dn: '101' }),
      put('102', 3, 'Connected', { party_dn_type: 'Wextension', party_dn: '101' }),
      put('101', 2, 'Connected', { party_dn_type: 'Wextension', party_dn: '102' }),
      remove('101', 2),
      remove('102', 3),
    ],
    { direction: 'internal', from: '101', to: '102', result: 'answered', answeredBy: '102' },
  ],
  [
    'a call is transferred',
    [
      put('101', 2, 'Ringing'),
      put('101', 2, 'Connected'),
      put('102', 3, 'Ringing', { referred_by_dn: '101' }),
      remove('101', 2),
      put('102', 3, 'Connected', { referred_by_dn: '101' }),
      remove('102', 3),
    ],
    {
      ...inbound,
      result: 'answered',
      answeredBy: '102',
      rang: ['101', '102'],
      transfers: [{ kind: 'blind', from: '101', to: '102' }],
    },
  ],
])('%s', async (_title, acts, expected) => {
  const server = await startThreecxServer();
  const ledger = createLedger();
  let [up, told] = [false, 0];
  const settings = { url: server.url, clientId: '900' };
  const link = phoneSystemKind('3cx')?.link?.open(
    settings,
    { apiKey: 'key' },
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
    for (const [place, act] of acts.entries()) {
      act(server);
      await vi.waitFor(() => expect(told).toBe(place + 1), { timeout: 60_000 });
    }
    await vi.waitFor(() => expect(ledger.calls()[0]?.endedAt).toBeTruthy(), { timeout: 60_000 });
    expect(ledger.calls().map(present)).toMatchObject([expected]);
  } finally {
    await link?.close();
    await server.close();
  }
});
