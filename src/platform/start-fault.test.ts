import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { startFault } from './start-fault.ts';

const config = loadConfig({ RINGSIDE_PORT: '4600', RINGSIDE_HOST: 'nowhere.invalid' });

async function faultOf(port: number, host: string): Promise<unknown> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

test('a port that is taken is named with its mend', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const error = await faultOf((taken.address() as AddressInfo).port, '127.0.0.1');
  taken.close();
  expect(startFault(error, config)).toMatchObject({
    code: 'conflict',
    fix: expect.stringContaining('RINGSIDE_PORT'),
  });
});

test('an address of another machine is named with its mend', async () => {
  const error = await faultOf(0, '192.0.2.1');
  expect(startFault(error, config)).toMatchObject({
    code: 'unavailable',
    fix: expect.stringContaining('RINGSIDE_HOST'),
  });
});

test('any other error stays as it is', () => {
  const error = new Error('something else');
  expect(startFault(error, config)).toBe(error);
});
