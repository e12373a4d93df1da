import { expect, test } from 'vitest';
import { askTogether } from './ask-together.ts';
import type { Database } from './database.ts';
import { inOrganization } from './scope.ts';

const db = { isTransaction: false } as Database;
const transaction = { isTransaction: true } as Database;

/** Answers with the question, asked for which organization, and keeps what was asked together. */
function asked() {
  const queries: string[] = [];
  const one = askTogether(async (_db, organizationId: string, questions: readonly string[]) => {
    queries.push(`${organizationId}: ${questions.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (questions.includes('bad')) throw new Error('refused');
    return questions.map((question) => `${organizationId} ${question}`);
  });
  return { one, queries };
}

test('what is asked at once, or while others are being answered, goes together', async () => {
  const { one, queries } = asked();
  const first = [one(db, 'acme', 'a'), one(db, 'acme', 'b'), one(db, 'other', 'c')];
  await new Promise((resolve) => setTimeout(resolve, 1));
  const later = [one(db, 'acme', 'd'), one(db, 'acme', 'e')];
  expect(await Promise.all([...first, ...later])).toEqual([
    ...['acme a', 'acme b', 'other c', 'acme d', 'acme e'],
  ]);
  expect(queries).toEqual(['acme: a b', 'other: c', 'acme: d e']);
  expect(await one(db, 'acme', 'f')).toBe('acme f');
  expect(queries.at(-1)).toBe('acme: f');
});

test('a question of another scope, or in a transaction, is asked by itself', async () => {
  const { one, queries } = asked();
  await Promise.all([
    inOrganization('acme', () => one(db, 'acme', 'a')),
    inOrganization('other', () => one(db, 'acme', 'b')),
    one(transaction, 'acme', 'c'),
  ]);
  expect(queries.toSorted()).toEqual(['acme: a', 'acme: b', 'acme: c']);
});

test('one that fails harms no other', async () => {
  const { one } = asked();
  const answers = ['a', 'bad', 'b'].map((question) => one(db, 'acme', question));
  const settled = await Promise.allSettled(answers);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await one(db, 'acme', 'c')).toBe('acme c');
});

test('a long line is answered in pieces, in order', async () => {
  const { one, queries } = asked();
  const questions = Array.from({ length: 120 }, (_, n) => String(n));
  const answers = await Promise.all(questions.map((question) => one(db, 'acme', question)));
  expect(answers).toEqual(questions.map((question) => `acme ${question}`));
  expect(queries).toHaveLength(3);
});
