import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveCallHandling } from '../organization/call-handling-store.ts';
import { callHandling } from '../organization/call-handling.ts';
import { setSeatTotals } from '../organization/organization-store.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { dismissPop } from './dismiss-pop.ts';
import { RingingPhones } from './ringing.testing.ts';
import { fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('a pop says how urgent the call is, by the rules and only with the plan', async () => {
  const company = await testCompany(database.db);
  const { organizationId } = company;
  const phones = new RingingPhones(database.db, company);
  const priorities = [{ priority: 'urgent', when: 'open-case', casePriority: 2 }];
  await saveCallHandling(database.db, organizationId, callHandling.parse({ priorities }));
  await fillMirror(database.db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 1 },
  ]);
  await database.pool.query(`update crm_case set priority_rank = 2`);
  await setSeatTotals(database.db, organizationId, { View: 1, Core: 0, Engage: 1, Enterprise: 0 });
  await phones.ring('+4930123450');
  expect((await phones.pops())[0]?.priority).toEqual({
    level: 'urgent',
    why: 'open case of priority 2',
  });
  await phones.ring('+4930999');
  const byCaller = (await phones.pops()).map(({ caller, priority }) => [caller.raw, priority]);
  expect(byCaller).toContainEqual(['+4930999', null]);
  await setSeatTotals(database.db, organizationId, { View: 1, Core: 0, Engage: 0, Enterprise: 0 });
  expect((await phones.pops()).map(({ priority }) => priority)).toEqual([null, null]);
});

test('the five calls that ended last stay; dismissing them brings no older one back', async () => {
  const phones = new RingingPhones(database.db, await testCompany(database.db));
  const ended: string[] = [];
  for (let made = 0; made < 7; made += 1) {
    const callId = await phones.ring(`+49 30 12345${made}`);
    await phones.hangUp(callId);
    ended.unshift(callId);
  }
  const shown = async () => (await phones.pops()).map(({ callId }) => callId);
  expect(await shown()).toEqual(ended.slice(0, 5));
  await dismissPop(phones.deps, phones.viewer('201'), ended[1]!);
  expect(await shown()).toEqual([ended[0], ...ended.slice(2, 5)]);
  for (const callId of [ended[0]!, ...ended.slice(2, 5)])
    await dismissPop(phones.deps, phones.viewer('201'), callId);
  expect(await shown()).toEqual([]);
});
