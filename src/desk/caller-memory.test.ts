import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { chooseMatch } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { setCallerForgotten } from './forget-caller.ts';
import { lookUp } from './lookup.ts';
import { lookupText } from './lookup-text.ts';
import { RingingPhones } from './ringing.testing.ts';
import { fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
let phones: RingingPhones;
const number = '+49 30 123450';
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  phones = new RingingPhones(database.db, await testCompany(database.db));
  await fillMirror(database.db, phones.company, [
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 },
    { id: 'bea', name: 'Bea Cole', raw: '030 123450', cases: 1 },
    { id: 'cem', name: 'Cem Dag', raw: '030 123450', cases: 2 },
  ]);
});

const names = (pop: Pop) => pop.match.candidates.map(({ name }) => name);
const keyOf = (pop: Pop, name: string) =>
  pop.match.candidates.find((candidate) => candidate.name === name)?.key ?? '';
async function choose(name: string): Promise<string> {
  const callId = await phones.ring(number);
  const pop = await phones.pop(callId);
  await chooseMatch(phones.deps, phones.viewer('201'), callId, keyOf(pop, name));
  return callId;
}
const forget = (callId: string, forgotten: boolean) =>
  setCallerForgotten(phones.deps, phones.viewer('202'), callId, forgotten);

test('whoever was chosen last for a number comes first on the next call, and the pop says by whom and when', async () => {
  await choose('Ada Berg');
  phones.pass(3 * 86_400);
  const next = await phones.pop(await phones.ring(number, '202'), '202');
  expect(next.match).toMatchObject({ status: 'several', chosen: null });
  expect(names(next)).toEqual(['Ada Berg', 'Cem Dag', 'Bea Cole']);
  expect(next.match.candidates[0]?.lastChosen).toEqual({
    at: '2026-11-23T09:00:02.000Z',
    by: 'Alice Adams',
  });
  await choose('Bea Cole');
  expect(names(await phones.pop(await phones.ring(number)))).toEqual([
    'Bea Cole',
    'Ada Berg',
    'Cem Dag',
  ]);
});

test('the look-up tells the same, in words', async () => {
  await choose('Ada Berg');
  phones.pass(3 * 86_400);
  const answer = await lookUp(database.db, phones.company.organizationId, number);
  const text = lookupText(answer, phones.clock.now());
  expect(text).toContain('1. Ada Berg');
  expect(text).toContain('chosen last time by Alice Adams, 3 days ago');
});

test('a choice is forgotten for everybody, and that can be undone', async () => {
  await choose('Bea Cole');
  await choose('Ada Berg');
  const callId = await phones.ring(number, '202');
  expect(names(await forget(callId, true))).toEqual(['Cem Dag', 'Bea Cole', 'Ada Berg']);
  expect(names(await phones.pop(await phones.ring(number)))).toEqual([
    'Cem Dag',
    'Bea Cole',
    'Ada Berg',
  ]);
  expect(names(await forget(callId, false))).toEqual(['Ada Berg', 'Bea Cole', 'Cem Dag']);
  // Twice is once.
  await forget(callId, true);
  await forget(callId, true);
  expect(names(await forget(callId, false))).toEqual(['Ada Berg', 'Bea Cole', 'Cem Dag']);
});

test('a later choice outlives the undoing of what was forgotten before', async () => {
  await choose('Ada Berg');
  const callId = await phones.ring(number, '202');
  await forget(callId, true);
  await choose('Cem Dag');
  expect(names(await forget(callId, false))[0]).toBe('Cem Dag');
});

test('nothing is remembered of another organization, nor by the only one with a number', async () => {
  await choose('Ada Berg');
  const other = new RingingPhones(database.db, await testCompany(database.db));
  await fillMirror(database.db, other.company, [
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 },
    { id: 'only', name: 'Only One', raw: '030 777777', cases: 0 },
  ]);
  const pop = await other.pop(await other.ring(number));
  expect(pop.match.candidates[0]?.lastChosen).toBeNull();
  const callId = await other.ring('030 777777');
  const only = keyOf(await other.pop(callId), 'Only One');
  const chosen = await chooseMatch(other.deps, other.viewer('201'), callId, only);
  expect(chosen.match.candidates[0]?.lastChosen).toBeNull();
});

test('only somebody with a part in the call forgets, and only for a number', async () => {
  const callId = await phones.ring(number, '201');
  await expect(forget(callId, true)).rejects.toMatchObject({ code: 'not-found' });
  const withheld = await phones.ring('anonymous', '202');
  await expect(forget(withheld, true)).rejects.toMatchObject({
    code: 'conflict',
    message: 'Nobody is remembered for this call: it has no number.',
  });
});
