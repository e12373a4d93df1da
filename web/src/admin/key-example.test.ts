import { expect, test } from 'vitest';
import { keyExample } from './key-example.ts';

test('tries what changes nothing first', () => {
  const origin = 'https://ringside.example.com';
  expect(keyExample(origin, 'rs_a', ['calls:place', 'audit:read'])).toBe(
    "curl -H 'Authorization: Bearer rs_a' 'https://ringside.example.com/api/v1/audit'",
  );
  expect(keyExample(origin, 'rs_a', ['calls:place'])).toContain(
    `-d '{"extension":"101","number":"+49 30 1234567"}'`,
  );
});
