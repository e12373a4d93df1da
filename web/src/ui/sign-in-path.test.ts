import { expect, test } from 'vitest';
import { safeReturnPath } from './sign-in-path.ts';

test.each([
  ['/admin/organization?a=1#people', '/admin/organization?a=1#people'],
  ['/desk', '/desk'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/x/..//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?return=/desk', '/'],
  ['/setup', '/'],
  [undefined, '/'],
  [['/desk'], '/'],
])('the return path %j leads to %s', (raw, path) => {
  expect(safeReturnPath(raw)).toBe(path);
});
