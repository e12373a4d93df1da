import { expect, test } from 'vitest';
import { PersonDesk } from './person-desk.ts';
import { readStream } from './testing.ts';
import { createNumberMask } from '../directory/number-mask.ts';

test('work for a person runs in the order in which it came', async () => {
  const desk = new PersonDesk('organization', 'person', createNumberMask(Buffer.alloc(32)));
  const done: string[] = [];
  const slow = desk.afterwards(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push('slow');
  });
  const quick = desk.afterwards(async () => void done.push('quick'));
  await Promise.all([slow, quick]);
  expect(done).toEqual(['slow', 'quick']);
});

test('when the tables cannot be read the streams are closed, so that browsers begin anew', async () => {
  const desk = new PersonDesk('organization', 'person', createNumberMask(Buffer.alloc(32)));
  const { stream, closed } = readStream();
  desk.streams.add({ stream, stillSignedIn: async () => true });
  const failing = desk.afterwards(async () => {
    throw new Error('the database is away');
  });
  await expect(failing).rejects.toThrow('away');
  await desk.afterwards(async () => {});
  expect(closed()).toBe(true);
});
