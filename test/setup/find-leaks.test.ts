import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findLeaks } from './find-leaks.ts';

/** What the search of all logs finds (logs.ts): a net with holes would let everything pass and look the same. */

const token = '4fQ9xLkPz07SbbWtR2nY';
const password = 'zwei "Türme" & 1 Brücke';
const number = '+49 30 7777-888 99';

async function search(...lines: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'ringside-leaks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const noted = [
    { kind: 'secret', name: 'hook token', value: token },
    { kind: 'secret', name: 'password', value: password },
    { kind: 'secret', name: 'too short to be looked for', value: 'wrong' },
    { kind: 'number', name: 'caller', value: number },
  ];
  await writeFile(join(folder, '1.noted'), noted.map((one) => JSON.stringify(one)).join('\n'));
  await writeFile(join(folder, 'hub.log'), lines.join('\n'));
  return findLeaks(folder);
}

test.each([
  ['a token in an address', `POST /hooks/phone/${token}?x=1`],
  ['a token beside other characters', `{"url":"https://hub.example/invite/${token}."}`],
  ['a password in JSON', JSON.stringify({ msg: password })],
  ['a password in a form', `password=${encodeURIComponent(password)}&x=1`],
  ['a password in base64', `Basic ${Buffer.from(password).toString('base64')}`],
  ['a number', '{"from":"+4930777788899"}'],
  ['a number as it is dialled', '{"msg":"called 030 7777 88899"}'],
  ['a number in international writing', 'tel:0049-30-777788899'],
  ['a number in an address', 'GET /lookup?number=%2B4930777788899'],
])('finds %s, and tells where without telling it', async (_what, line) => {
  const { leaks } = await search('{"msg":"fine"}', line, 'more');
  expect(leaks.map(({ file, line: at }) => [file, at])).toContainEqual(['hub.log', 2]);
  for (const { text, name } of leaks) {
    expect(text).toContain('[here]');
    expect(`${text} ${name}`).not.toMatch(/4fQ9xLkPz|Brücke|777788899/);
  }
});

test('takes ids, times, counts and words for what they are', async () => {
  const found = await search(
    '{"time":"2026-11-29T07:22:40.733Z","requestId":"01a2262f-40b4-7614-9aa6-4c8f6e13321e","ms":41.1}',
    '{"at":1795000000000,"sys_id":"4930777788899abcdef0123456789abc","msg":"wrong"}',
    `{"other":"${token.toLowerCase()}"}`,
  );
  expect(found.leaks).toEqual([]);
  expect(found).toMatchObject({ files: 1, secrets: 3, numbers: 1 });
});
