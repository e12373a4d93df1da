import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCompany } from '../company/company.ts';
import { createLookups } from '../company/lookups.ts';
import { startPhoneSimulator, type PhoneSimulatorOptions } from './phone-simulator.ts';
import { scenario } from './scenario.ts';

interface Posted {
  event: string;
  callId: string;
  user?: string[];
  cause?: string;
  from: string;
}

const lookups = createLookups(createCompany({ seed: 1, contacts: 800, now: new Date() }));
let server: Server;
let posted: (Posted & { signature: string | undefined; body: string })[];
let options: PhoneSimulatorOptions;

beforeEach(async () => {
  posted = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      posted.push({
        ...(JSON.parse(body) as Posted),
        body,
        signature: request.headers['x-ringside-signature'] as string | undefined,
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/phone/token`;
  options = {
    hookUrl,
    lookups,
    extension: '101',
    colleague: '102',
    seed: 1,
    second: 1,
    firstAfter: 0,
    pause: [0, 0],
  };
});
afterEach(() => server.close());

const events = (callId: string) => posted.filter((event) => event.callId === callId);

test('every call begins, and ends once; stopping hangs up what is left', async () => {
  const simulator = startPhoneSimulator(options);
  while (new Set(posted.map(({ callId }) => callId)).size < 12)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await simulator.stop();
  const calls = new Set(posted.map(({ callId }) => callId));
  for (const callId of calls) {
    const names = events(callId).map(({ event }) => event);
    expect(names[0]).toBe('newCall');
    expect(names.at(-1)).toBe('hangup');
    expect(names.filter((name) => name === 'hangup')).toHaveLength(1);
  }
  const count = posted.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(posted).toHaveLength(count);
});

test('the first calls show every kind of caller and outcome', () => {
  const opening = Array.from({ length: 6 }, (_, n) => scenario(lookups, 1, n));
  expect(opening.map(({ outcome }) => outcome)).toEqual([
    'answered',
    'answered elsewhere',
    'answered',
    'missed',
    'missed',
    'answered',
  ]);
  expect(opening[0]!.who).toMatch(/open case/);
  expect(opening[0]!.from).toMatch(/^(\+|00)49/);
  expect(opening[5]!.from).toBe('anonymous');
});

test('answered elsewhere names the colleague, missed says so, and events are signed', async () => {
  const simulator = startPhoneSimulator({ ...options, firstAfter: 100_000, hmacSecret: 'secret' });
  const base = { who: 'x', from: '+4930', ringSeconds: 1, talkSeconds: 1, queue: 'Support' };
  await simulator.call({ ...base, outcome: 'answered elsewhere' });
  expect(posted.map(({ event, user, cause }) => [event, user, cause])).toEqual([
    ['newCall', ['101', '102'], undefined],
    ['answer', ['102'], undefined],
    ['hangup', undefined, 'normalClearing'],
  ]);
  expect(posted[0]!.signature).toBe(
    createHmac('sha256', 'secret').update(posted[0]!.body).digest('hex'),
  );
  posted = [];
  await simulator.call({ ...base, outcome: 'missed' });
  expect(posted.map(({ event, cause }) => [event, cause])).toEqual([
    ['newCall', undefined],
    ['hangup', 'noAnswer'],
  ]);
  await simulator.stop();
});

test('a hub that is away is told of, and the simulator goes on', async () => {
  const told: string[] = [];
  server.close();
  const simulator = startPhoneSimulator({ ...options, onEvent: (text) => told.push(text) });
  const failures = (): number => told.filter((text) => text.includes('cannot be reached')).length;
  while (failures() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await simulator.stop();
  expect(failures()).toBeGreaterThanOrEqual(2);
  expect(told.filter((text) => text.startsWith('Ringing')).length).toBeGreaterThanOrEqual(1);
});
