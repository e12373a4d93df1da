import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHttpClient } from './http-client.ts';
import { limitOutbound, refuseAddress, usualPhoneNetworks } from './outbound.ts';
import type { Purpose } from './outbound.ts';

/** What a name server answers next, by name. */
const answers = new Map<string, LookupAddress[][]>();
vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (host: string, _options: object, done: (error: unknown, found?: unknown) => void) => {
    const next = answers.get(host)?.shift();
    if (next === undefined) done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
    else done(null, next);
  },
}));

let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  response.end('a secret of this machine');
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = 0;
  limitOutbound({ allowed: [], phoneNetworks: usualPhoneNetworks });
});

const here = { address: '127.0.0.1', family: 4 };
const elsewhere = { address: '203.0.113.9', family: 4 };

async function call(host: string): Promise<string> {
  const http = createHttpClient({ connectTimeoutMs: 500 });
  try {
    const { text } = await http.request({ url: `http://${host}:${port}/`, timeoutMs: 1_000 });
    return text;
  } catch (error) {
    return (error as { kind: string }).kind;
  } finally {
    await http.close();
  }
}

const refused = (host: string, purpose: Purpose = 'service'): boolean => {
  try {
    refuseAddress(host, purpose);
    return false;
  } catch {
    return true;
  }
};

describe('a hub calls no address that only it can reach', () => {
  test.each([
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '10.0.0.1', '172.31.0.1', '192.168.0.1', '100.64.0.1'],
    ...['169.254.169.254', '192.0.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '[::1]', 'fe80::1%1'],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::10.0.0.1',
      '2002:0a00:0001::',
      '::7f00:1',
    ],
  ])('%s', (address) => {
    expect(refused(address)).toBe(true);
  });

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450::200e', '::ffff:8.8.8.8'])(
    'but %s',
    (address) => {
      expect(refused(address)).toBe(false);
    },
  );

  test('nor a name that leads there, however the address is written', async () => {
    answers.set('inside.example', [[here]]);
    expect(await call('inside.example')).toBe('address-refused');
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]'])
      expect(await call(host), host).toBe('address-refused');
    expect(asked).toBe(0);
  });

  test('nor a name that led elsewhere when it was looked at: what is checked is what is connected to', async () => {
    answers.set('rebind.example', [[{ address: '8.8.8.8', family: 4 }], [here]]);
    const { lookup } = await import('node:dns');
    const first = await new Promise((resolve) =>
      lookup('rebind.example', { all: true }, (_error, found) => resolve(found)),
    );
    expect(first).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await call('rebind.example')).toBe('address-refused');
    // Of several addresses only those that may be called are tried.
    answers.set('mixed.example', [[here, elsewhere]]);
    expect(await call('mixed.example')).toBe('address-refused');
    expect(asked).toBe(0);
  });

  test('but what its operator allows, by address, network or name', async () => {
    answers.set('crm.intern', [[here], [here], [here]]);
    limitOutbound({ allowed: ['127.0.0.0/8'], phoneNetworks: [] });
    expect(await call('crm.intern')).toBe('a secret of this machine');
    expect(await call('127.0.0.1')).toBe('a secret of this machine');
    limitOutbound({ allowed: ['crm.intern'], phoneNetworks: [] });
    expect(await call('crm.intern')).toBe('a secret of this machine');
    expect(await call('127.0.0.1')).toBe('address-refused');
  });
});

describe('a phone system', () => {
  test('may be in the house; on this machine only where it greets before it is asked anything', () => {
    expect(refused('192.168.1.5', 'phone-link')).toBe(false);
    expect(refused('192.168.1.5', 'phone-web')).toBe(false);
    expect(refused('127.0.0.1', 'phone-link')).toBe(false);
    expect(refused('127.0.0.1', 'phone-web')).toBe(true);
    for (const purpose of ['phone-link', 'phone-web'] as const)
      expect(refused('169.254.169.254', purpose)).toBe(true);
  });

  test('is only where its operator says', () => {
    limitOutbound({ allowed: ['10.9.0.1'], phoneNetworks: ['10.1.0.0/16'] });
    expect(refused('10.1.2.3', 'phone-link')).toBe(false);
    expect(refused('10.9.0.1', 'phone-web')).toBe(false);
    for (const address of ['192.168.1.5', '127.0.0.1', '10.2.0.1'])
      expect(refused(address, 'phone-link'), address).toBe(true);
  });
});
