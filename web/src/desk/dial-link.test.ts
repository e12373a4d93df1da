import { expect, test } from 'vitest';
import { dialledNumber } from './dial-link.ts';

test.each([
  ['tel:+49-30-123456', '+49-30-123456'],
  ['tel:+4930123456;ext=12', '+4930123456'],
  ['tel:%2B4930123456', '+4930123456'],
  [' 4930123456', '+4930123456'],
  ['TEL://030 123456', '030 123456'],
  ['sip:201@example.com', '201'],
  [4_930_123_456, '4930123456'],
  ['tel:', undefined],
  [undefined, undefined],
  [{ a: 1 }, undefined],
  ['9'.repeat(101), undefined],
  ['%E0%A4%A', '%E0%A4%A'],
])('%s is %s', (link, number) => expect(dialledNumber(link)).toBe(number));
