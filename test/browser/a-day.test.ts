import { describe } from 'vitest';
import { callers } from './day/callers.ts';
import { calls } from './day/calls.ts';
import { casework } from './day/casework.ts';
import { history } from './day/history.ts';
import { ringing } from './day/ringing.ts';
import { openDay } from './day/the-day.ts';

/** What two agents and their administrator live through in a day, in real browsers, one thing after the other. */
// After an outage the hub asks an instance again with growing waits.
describe('a day at the Desk', { timeout: 240_000 }, () => {
  const day = openDay();
  describe('a ringing phone', () => {
    ringing(day);
  });
  describe('calls', () => {
    calls(day);
  });
  describe('working on a call', () => {
    casework(day);
  });
  describe('the history', () => {
    history(day);
  });
  describe('finding out who calls', () => {
    callers(day);
  });
});
