/** The time, as something that can be handed in, so that pure logic and tests need no real clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
