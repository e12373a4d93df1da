import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { startThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import type { ThreecxServer } from '../../src/telephony/threecx/threecx-server.testing.ts';
import { keyboard } from './day/keyboard.ts';
import { liveQuestions } from './day/live-questions.ts';
import { missed } from './day/missed.ts';
import { phoneSystems } from './day/phone-systems.ts';
import { openDay } from './day/the-day.ts';

/** What cannot be in the first day: a rule that makes cases, a phone system that can call, a mirror that stands still. */
describe('another day', { timeout: 240_000 }, () => {
  const day = openDay();
  let threecx: ThreecxServer;
  beforeAll(async () => {
    threecx = await startThreecxServer();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => threecx.removeAll()));
  afterAll(() => threecx?.close());
  describe('phone systems', () => {
    phoneSystems(day, () => threecx);
  });
  describe('missed calls', () => {
    missed(day, () => threecx);
  });
  describe('a call without a mouse', () => {
    keyboard(day, () => threecx);
  });
  describe('whom only ServiceNow knows', () => {
    liveQuestions(day);
  });
});
