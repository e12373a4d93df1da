import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hookExample } from './hook-example.ts';

const url = 'https://ringside.example/hooks/phone/abc';

/** Runs the example in a real shell with a curl that only prints what it was given. */
function run(example: string): string[][] {
  const fake = `sleep() { :; }\ncurl() { for part in "$@"; do printf '%s\\0' "$part"; done; printf '\\n'; }\n`;
  const out = execFileSync('sh', ['-c', fake + example], { encoding: 'utf8' });
  return out
    .trim()
    .split('\n')
    .map((line) => line.split('\0').slice(0, -1));
}

test('the example is a shell script that posts two events of one call', () => {
  const calls = run(hookExample(url, { extension: '101', signed: false }));
  const bodies = calls.map(
    (parts) => JSON.parse(parts[parts.indexOf('-d') + 1] ?? '') as Record<string, string>,
  );
  expect(calls.every((parts) => parts.includes(url))).toBe(true);
  expect(calls).toHaveLength(2);
  expect(bodies.map(({ event, user }) => [event, user])).toEqual([
    ['newCall', '101'],
    ['hangup', '101'],
  ]);
  expect(bodies[0]?.['callId']).toMatch(/^test-\d+$/);
  expect(bodies[1]?.['callId']).toBe(bodies[0]?.['callId']);
});

test('the signed example signs the body it sends', () => {
  for (const parts of run(hookExample(url, { extension: '101', signed: true }))) {
    const body = parts[parts.indexOf('-d') + 1] ?? '';
    const signature = createHmac('sha256', 'YOUR SECRET').update(body).digest('hex');
    expect(parts).toContain(`x-ringside-signature: ${signature}`);
  }
});
