import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseTemplate } from '../organization/call-handling.ts';
import type { CallHandling } from '../organization/call-handling.ts';
import type { OrganizationView } from '../organization/contract.ts';
import { testHub } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
let admin: TestClient;
beforeAll(async () => {
  hub = await testHub();
  admin = await hub.organization('Acme', 'admin@example.com');
  const { version, name, country, timeZone, people } = await view();
  await admin.put('/api/v1/organization', {
    ...{ version, name, country, timeZone },
    seats: { View: 1, Core: 0, Engage: 0, Enterprise: 0 },
    people: [{ id: people[0]!.id, plan: 'View' }],
  });
});
afterAll(() => hub.close());

const view = async (): Promise<OrganizationView> =>
  (await admin.get('/api/v1/organization')).json();

async function save(callHandling: unknown, seats?: Record<string, number>) {
  const { version, name, country, timeZone } = await view();
  return admin.put('/api/v1/organization', {
    ...{ version, name, country, timeZone, callHandling },
    ...(seats === undefined ? {} : { seats }),
  });
}

async function refused(callHandling: unknown): Promise<string[]> {
  const answer = await save(callHandling);
  expect(answer.statusCode).toBe(400);
  return answer.json().errors.map((error: { field: string }) => error.field);
}

const code = (label: string) => ({ id: randomUUID(), label, active: true });
const template = (name: string, change = {}) =>
  caseTemplate.parse({ id: randomUUID(), name, shortDescription: 'Call', ...change });

test('a part is saved as a whole, the others stay', async () => {
  const codes = [code('Billing'), code('Fault')];
  await save(
    { wrapUp: { codes, required: true, seconds: 60 }, caseTemplates: [template('Usual')] },
    { Core: 1 },
  );
  const answer = await save({
    logging: { directions: ['inbound'], results: ['missed'], minimumSeconds: 5 },
  });
  expect(answer.statusCode).toBe(200);
  const { callHandling } = answer.json<{ callHandling: CallHandling }>();
  expect(callHandling.wrapUp).toEqual({ codes, required: true, seconds: 60 });
  expect(callHandling.caseTemplates).toHaveLength(1);
  expect(callHandling.logging.minimumSeconds).toBe(5);
  expect((await view()).callHandling).toEqual(callHandling);
});

test('what clashes within the document is named', async () => {
  const { callHandling } = await view();
  const missed = callHandling.missedCalls;
  expect(await refused({ wrapUp: { codes: [code('A'), code('a')] } })).toEqual([
    'callHandling.wrapUp.codes.1.label',
  ]);
  expect(await refused({ wrapUp: { codes: [], required: true } })).toEqual([
    'callHandling.wrapUp.required',
  ]);
  expect(await refused({ missedCalls: { ...missed, templateId: randomUUID() } })).toEqual([
    'callHandling.missedCalls.templateId',
  ]);
  expect(await refused({ openingHours: [{ weekday: 0, from: '17:00', to: '09:00' }] })).toEqual([
    'callHandling.openingHours.0.to',
  ]);
  expect(await refused({ openingHours: [{ weekday: 7, from: '9', to: '25:00' }] })).toEqual([
    'callHandling.openingHours.0.weekday',
    'callHandling.openingHours.0.from',
    'callHandling.openingHours.0.to',
  ]);
});

test('rules that open cases need a seat of Engage; without it they can only be switched off', async () => {
  const missedCalls = { ...(await view()).callHandling.missedCalls, openCase: true };
  expect(await refused({ missedCalls })).toEqual(['callHandling.missedCalls.openCase']);
  expect((await save({ missedCalls }, { Engage: 1 })).statusCode).toBe(200);
  expect(await refused({ missedCalls: { ...missedCalls, when: 'open' } })).toEqual([
    'callHandling.missedCalls.when',
  ]);
  expect((await save({ missedCalls }, { Engage: 0 })).statusCode).toBe(200);
  expect(await refused({ missedCalls: { ...missedCalls, foldHours: 2 } })).toEqual([
    'callHandling.missedCalls.openCase',
  ]);
  expect((await save({ missedCalls: { ...missedCalls, openCase: false } })).statusCode).toBe(200);
});

test('a part needs its plan, and stays when the plan is gone', async () => {
  expect((await save({}, { Core: 0 })).statusCode).toBe(200);
  const { wrapUp, caseTemplates } = (await view()).callHandling;
  expect(await refused({ wrapUp: { ...wrapUp, codes: [...wrapUp.codes, code('New')] } })).toEqual([
    'callHandling.wrapUp.codes',
  ]);
  expect(await refused({ caseTemplates: [template('Other')] })).toEqual([
    'callHandling.caseTemplates',
  ]);
  const fewer = { ...wrapUp, codes: wrapUp.codes.slice(1), seconds: 30 };
  expect((await save({ wrapUp: fewer, caseTemplates })).statusCode).toBe(200);
});

test('how long calls are kept has bounds, and nothing outlives its call', async () => {
  const kept = { calls: 365, notes: 90, events: 7 };
  const answer = await save({ retention: kept });
  expect(answer.json<{ callHandling: CallHandling }>().callHandling.retention).toEqual(kept);
  expect(await refused({ retention: { calls: 29, notes: 3651, events: 6.5 } })).toEqual([
    'callHandling.retention.calls',
    'callHandling.retention.notes',
    'callHandling.retention.events',
  ]);
  expect(await refused({ retention: { calls: 30, notes: 31, events: 30 } })).toEqual([
    'callHandling.retention.notes',
  ]);
  await save({ retention: { calls: null, notes: null, events: null } });
  const { callHandling } = await view();
  expect(callHandling.retention).toEqual({ calls: null, notes: null, events: null });
});
