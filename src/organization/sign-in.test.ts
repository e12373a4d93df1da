import { expect, test } from 'vitest';
import { addressBlock, pauseBefore } from './sign-in.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['not an address', 'not an address'],
])('%s counts as %s', (address, block) => {
  expect(addressBlock(address)).toBe(block);
});

test('attempts are answered slower and slower, up to four seconds', () => {
  expect([1, 4, 5, 6, 7, 8, 9, 20].map(pauseBefore)).toEqual([
    0, 0, 250, 500, 1000, 2000, 4000, 4000,
  ]);
});
